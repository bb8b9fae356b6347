from typing import Any

from django.db import migrations

from measures import roles


def give_rights(apps: Any, schema_editor: Any) -> None:
    roles.assign(apps)


class Migration(migrations.Migration):
    """Who may close and reopen periods, and see withdrawals and snapshots."""

    dependencies = [("measures", "0010_history_author_required")]

    operations = [migrations.RunPython(give_rights, migrations.RunPython.noop)]
