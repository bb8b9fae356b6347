import django.db.models.deletion
import measures.models.evidence
import measures.models.progress
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("measures", "0002_plan_tree"),
    ]

    operations = [
        migrations.CreateModel(
            name="ProgressUpdate",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="progress_updates",
                        to="measures.plan",
                        verbose_name="action plan",
                    ),
                ),
                (
                    "action",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="progress_updates",
                        to="measures.action",
                        verbose_name="action",
                    ),
                ),
                (
                    "author",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="progress_updates",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="author",
                    ),
                ),
                (
                    "reported_on",
                    models.DateField(
                        db_index=True,
                        default=measures.models.progress.today,
                        help_text="The day on which things stood so.",
                        verbose_name="as of",
                    ),
                ),
                ("recorded_at", models.DateTimeField(auto_now_add=True, verbose_name="recorded at")),
                ("comment", models.TextField(blank=True, verbose_name="what was done")),
                ("correction", models.TextField(blank=True, verbose_name="proposed correction")),
            ],
            options={
                "verbose_name": "progress update",
                "verbose_name_plural": "progress updates",
                "ordering": ["-reported_on", "-id"],
                "permissions": [
                    ("record_own_progress", "Can record progress of own actions"),
                    ("record_any_progress", "Can record progress of all actions"),
                ],
                "indexes": [models.Index(fields=["action", "reported_on", "id"], name="update_by_action")],
            },
        ),
        migrations.CreateModel(
            name="ResultProgress",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "update",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lines",
                        to="measures.progressupdate",
                    ),
                ),
                (
                    "result",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="progress_lines",
                        to="measures.plannedresult",
                        verbose_name="planned result",
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("not_started", "Not started"),
                            ("in_progress", "In progress"),
                            ("done", "Done"),
                            ("postponed", "Postponed"),
                            ("cancelled", "Cancelled"),
                        ],
                        max_length=20,
                        verbose_name="status",
                    ),
                ),
                ("percent", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="percent")),
            ],
            options={
                "verbose_name": "progress of a result",
                "verbose_name_plural": "progress of results",
                "ordering": ["update_id", "id"],
                "constraints": [
                    models.UniqueConstraint(fields=("update", "result"), name="result_once_in_update"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("percent", 0), ("percent__isnull", False), ("status", "not_started")),
                            models.Q(("percent", 100), ("percent__isnull", False), ("status", "done")),
                            models.Q(
                                ("status", "in_progress"),
                                models.Q(
                                    ("percent", None),
                                    models.Q(("percent__gte", 0), ("percent__lte", 100)),
                                    _connector="OR",
                                ),
                            ),
                            models.Q(("percent", None), ("status__in", ["postponed", "cancelled"])),
                            _connector="OR",
                        ),
                        name="progress_percent_fits_status",
                        violation_error_message="The percent is from 0 to 100 and typed only while in progress: not started is 0, done is 100.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Evidence",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "update",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="evidence",
                        to="measures.progressupdate",
                        verbose_name="progress update",
                    ),
                ),
                ("title", models.CharField(blank=True, max_length=200, verbose_name="title")),
                ("link", models.URLField(blank=True, max_length=1000, verbose_name="link")),
                (
                    "file",
                    models.FileField(
                        blank=True,
                        storage=measures.models.evidence.evidence_storage,
                        upload_to=measures.models.evidence.evidence_path,
                        verbose_name="file",
                    ),
                ),
            ],
            options={
                "verbose_name": "supporting document",
                "verbose_name_plural": "supporting documents",
                "ordering": ["update_id", "id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("link", ""), models.Q(("file", ""), _negated=True)),
                            models.Q(models.Q(("link", ""), _negated=True), ("file", "")),
                            _connector="OR",
                        ),
                        name="evidence_link_or_file",
                        violation_error_message="Give either a link or a file.",
                    )
                ],
            },
        ),
    ]
