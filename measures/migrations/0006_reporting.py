import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """For whom somebody reports, reports of nothing new, withdrawals, drafts."""

    dependencies = [
        ("measures", "0005_roles"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ProgressDraft",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("data", models.JSONField()),
                ("saved_at", models.DateTimeField(auto_now=True)),
            ],
            options={
                "verbose_name": "draft",
                "verbose_name_plural": "drafts",
                "ordering": ["-saved_at"],
            },
        ),
        migrations.CreateModel(
            name="Withdrawal",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("reason", models.TextField(verbose_name="reason")),
                ("withdrawn_at", models.DateTimeField(auto_now_add=True, verbose_name="withdrawn at")),
            ],
            options={
                "verbose_name": "withdrawal",
                "verbose_name_plural": "withdrawals",
                "ordering": ["withdrawn_at"],
            },
        ),
        migrations.AddField(
            model_name="progressupdate",
            name="nothing_new",
            field=models.BooleanField(
                default=False,
                help_text="Reported that nothing has changed: this counts as a report.",
                verbose_name="nothing new",
            ),
        ),
        migrations.AddField(
            model_name="progressupdate",
            name="on_behalf_of",
            field=models.ForeignKey(
                blank=True,
                help_text="The owner of the action, where somebody else reported.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="on behalf of",
            ),
        ),
        migrations.AddField(
            model_name="progressdraft",
            name="action",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="drafts", to="measures.action"
            ),
        ),
        migrations.AddField(
            model_name="progressdraft",
            name="author",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="withdrawal",
            name="author",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="author",
            ),
        ),
        migrations.AddField(
            model_name="withdrawal",
            name="update",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="withdrawal",
                to="measures.progressupdate",
                verbose_name="progress update",
            ),
        ),
        migrations.AddConstraint(
            model_name="progressdraft",
            constraint=models.UniqueConstraint(fields=("author", "action"), name="draft_once"),
        ),
    ]
