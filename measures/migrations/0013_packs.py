from typing import Any

import django.db.models.deletion
import django.utils.timezone
import measures.models.pack
import measures.models.private_files
from django.conf import settings
from django.db import migrations, models

from measures import roles


def give_rights(apps: Any, schema_editor: Any) -> None:
    roles.assign(apps)


class Migration(migrations.Migration):
    """Packs for the members' meeting and their files, and the right to see them."""

    dependencies = [
        ("measures", "0012_closing_of_plans"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Pack",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "number",
                    models.PositiveIntegerField(
                        help_text="Counted from 1 in each plan.", verbose_name="number"
                    ),
                ),
                ("made_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="made at")),
                ("as_of", models.DateField(verbose_name="as of")),
                ("period_title", models.CharField(blank=True, max_length=100, verbose_name="closed period")),
                ("period_starts_on", models.DateField(blank=True, null=True, verbose_name="starts on")),
                ("period_ends_on", models.DateField(blank=True, null=True, verbose_name="ends on")),
                ("since", models.CharField(max_length=150, verbose_name="changes since")),
                (
                    "said",
                    models.TextField(
                        blank=True, help_text="Empty: the whole plan.", verbose_name="what is shown"
                    ),
                ),
                ("query", models.CharField(max_length=2000, verbose_name="address")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("making", "Being made"),
                            ("finished", "Finished"),
                            ("failed", "Could not be made"),
                        ],
                        default="making",
                        max_length=20,
                        verbose_name="state",
                    ),
                ),
                (
                    "step",
                    models.PositiveSmallIntegerField(
                        choices=[
                            (1, "reading the plan"),
                            (2, "making the Excel file"),
                            (3, "making the Word document"),
                            (4, "making the PDF"),
                        ],
                        default=1,
                        verbose_name="step",
                    ),
                ),
                (
                    "alive_at",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="last sign of life"),
                ),
                ("failure", models.TextField(blank=True, verbose_name="why it failed")),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="made by",
                    ),
                ),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="packs",
                        to="measures.plan",
                        verbose_name="action plan",
                    ),
                ),
            ],
            options={
                "verbose_name": "pack for the meeting",
                "verbose_name_plural": "packs for the meeting",
                "ordering": ["plan_id", "-number"],
            },
        ),
        migrations.CreateModel(
            name="PackFile",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("excel", "Excel"), ("word", "Word"), ("pdf", "PDF")],
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                ("name", models.CharField(max_length=200, verbose_name="file name")),
                ("size", models.PositiveIntegerField(help_text="In bytes.", verbose_name="size")),
                ("sha256", models.CharField(max_length=64, verbose_name="SHA-256")),
                (
                    "file",
                    models.FileField(
                        storage=measures.models.pack.pack_storage,
                        upload_to=measures.models.private_files.random_name,
                        verbose_name="file",
                    ),
                ),
                (
                    "pack",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="files",
                        to="measures.pack",
                        verbose_name="pack for the meeting",
                    ),
                ),
            ],
            options={
                "verbose_name": "file of a pack",
                "verbose_name_plural": "files of packs",
                "ordering": ["pack_id", "id"],
            },
        ),
        migrations.AddConstraint(
            model_name="pack",
            constraint=models.UniqueConstraint(fields=("plan", "number"), name="pack_number_unique_in_plan"),
        ),
        migrations.AddConstraint(
            model_name="pack",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("period_ends_on", None), ("period_starts_on", None), ("period_title", "")),
                    models.Q(
                        models.Q(("period_title", ""), _negated=True),
                        ("period_ends_on__isnull", False),
                        ("period_starts_on__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="pack_period_described",
            ),
        ),
        migrations.AddConstraint(
            model_name="packfile",
            constraint=models.UniqueConstraint(fields=("pack", "kind"), name="pack_file_once"),
        ),
        migrations.RunPython(give_rights, migrations.RunPython.noop),
    ]
