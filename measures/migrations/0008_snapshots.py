import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """What closed periods froze, and who reopened them."""

    dependencies = [
        ("measures", "0007_evidence_files"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Reopening",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("reason", models.TextField(verbose_name="reason")),
                ("reopened_at", models.DateTimeField(auto_now_add=True, verbose_name="reopened at")),
            ],
            options={
                "verbose_name": "reopening",
                "verbose_name_plural": "reopenings",
                "ordering": ["reopened_at"],
            },
        ),
        migrations.CreateModel(
            name="Snapshot",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("as_of", models.DateField(verbose_name="as of")),
                ("made_at", models.DateTimeField(auto_now_add=True, verbose_name="closed at")),
                ("content", models.TextField(verbose_name="content")),
                ("sha256", models.CharField(editable=False, max_length=64, verbose_name="SHA-256")),
            ],
            options={
                "verbose_name": "snapshot",
                "verbose_name_plural": "snapshots",
                "ordering": ["-made_at", "-id"],
            },
        ),
        migrations.AlterModelOptions(
            name="reportingperiod",
            options={
                "ordering": ["plan_id", "starts_on"],
                "permissions": [
                    ("close_period", "Can close reporting periods"),
                    ("reopen_period", "Can reopen reporting periods"),
                ],
                "verbose_name": "reporting period",
                "verbose_name_plural": "reporting periods",
            },
        ),
        migrations.AddConstraint(
            model_name="reportingperiod",
            constraint=models.UniqueConstraint(
                fields=("plan", "starts_on"), name="period_start_unique_in_plan"
            ),
        ),
        migrations.AddField(
            model_name="reopening",
            name="author",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="author",
            ),
        ),
        migrations.AddField(
            model_name="snapshot",
            name="made_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="closed by",
            ),
        ),
        migrations.AddField(
            model_name="snapshot",
            name="period",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="snapshots",
                to="measures.reportingperiod",
                verbose_name="reporting period",
            ),
        ),
        migrations.AddField(
            model_name="reopening",
            name="snapshot",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="reopening",
                to="measures.snapshot",
                verbose_name="snapshot",
            ),
        ),
    ]
