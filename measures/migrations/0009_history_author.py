from typing import Any

from django.contrib.auth.hashers import make_password
from django.db import migrations


def sign_with_program(apps: Any, schema_editor: Any) -> None:
    nameless = [
        model
        for model in apps.get_app_config("measures").get_models()
        if model.__name__.startswith("Historical") and model.objects.filter(history_user=None).exists()
    ]
    if not nameless:
        return
    account, _is_new = apps.get_model("akr_plan", "User").objects.get_or_create(
        username="programa",
        defaults={"last_name": "Programa", "is_active": False, "password": make_password(None)},
    )
    for model in nameless:
        model.objects.filter(history_user=None).update(history_user=account)


class Migration(migrations.Migration):
    """Nothing changes without an author: what nobody signed was written by the program itself."""

    dependencies = [
        ("measures", "0008_snapshots"),
        ("akr_plan", "0002_lithuanian_collation"),
    ]

    operations = [
        migrations.RunPython(sign_with_program, migrations.RunPython.noop),
    ]
