from typing import Any

import django.db.models.deletion
import measures.models.imports
import measures.models.private_files
import uuid
from django.conf import settings
from django.db import migrations, models

from measures import roles


def give_rights(apps: Any, schema_editor: Any) -> None:
    roles.assign(apps)


class Migration(migrations.Migration):
    """Imports, and the right to import."""

    dependencies = [
        ("measures", "0013_packs"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ImportJob",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "code",
                    models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name="code"),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("work_sheet", "Work sheet"),
                            ("new_plan", "A new plan from its document"),
                            ("plan_text", "A plan's text, compared with its document"),
                            ("partners", "Register of partners"),
                            ("resources", "Register of resources"),
                            ("projects", "Register of projects"),
                            ("codes", "KRSS2030 codes"),
                            ("users", "Accounts of users"),
                        ],
                        max_length=20,
                        verbose_name="kind",
                    ),
                ),
                ("uploaded_at", models.DateTimeField(auto_now_add=True, verbose_name="uploaded at")),
                (
                    "file",
                    models.FileField(
                        storage=measures.models.imports.import_storage,
                        upload_to=measures.models.private_files.random_name,
                        verbose_name="file",
                    ),
                ),
                ("file_name", models.CharField(max_length=200, verbose_name="file name")),
                ("size", models.PositiveIntegerField(help_text="In bytes.", verbose_name="size")),
                ("sha256", models.CharField(max_length=64, verbose_name="SHA-256")),
                ("parsed", models.JSONField(verbose_name="what was read")),
                ("choices", models.JSONField(default=dict, verbose_name="decisions")),
                ("preview", models.JSONField(verbose_name="what it does")),
                ("stamp", models.CharField(max_length=64, verbose_name="state of the data")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("previewed", "Waits to be confirmed"),
                            ("refused", "Has errors"),
                            ("applied", "Applied"),
                            ("undone", "Undone"),
                            ("discarded", "Discarded"),
                        ],
                        max_length=20,
                        verbose_name="state",
                    ),
                ),
                ("written", models.JSONField(default=dict, verbose_name="what was written")),
                ("backup", models.CharField(blank=True, max_length=200, verbose_name="backup point")),
                ("applied_at", models.DateTimeField(blank=True, null=True, verbose_name="applied at")),
                ("undone_at", models.DateTimeField(blank=True, null=True, verbose_name="undone at")),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="uploaded by",
                    ),
                ),
                (
                    "plan",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="imports",
                        to="measures.plan",
                        verbose_name="action plan",
                    ),
                ),
                (
                    "undone_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="undone by",
                    ),
                ),
            ],
            options={
                "verbose_name": "import",
                "verbose_name_plural": "imports",
                "ordering": ["-uploaded_at", "-id"],
                "permissions": [("import_data", "Can import plans and work sheets")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["previewed", "refused", "applied", "undone", "discarded"])
                        ),
                        name="import_state_known",
                    )
                ],
            },
        ),
        migrations.RunPython(give_rights, migrations.RunPython.noop),
    ]
