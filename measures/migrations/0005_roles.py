from typing import Any

from django.db import migrations

from measures import roles


def make_groups(apps: Any, schema_editor: Any) -> None:
    roles.assign(apps)


class Migration(migrations.Migration):
    """The four groups; an administrator may change them afterwards."""

    dependencies = [
        ("measures", "0004_history"),
        ("akr_plan", "0002_lithuanian_collation"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [migrations.RunPython(make_groups, migrations.RunPython.noop)]
