from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """What is known of a file that backs an update."""

    dependencies = [
        ("measures", "0006_reporting"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="evidence",
            name="file_type",
            field=models.CharField(
                blank=True,
                choices=[
                    ("pdf", "PDF"),
                    ("png", "PNG"),
                    ("jpg", "JPG"),
                    ("docx", "Word (DOCX)"),
                    ("xlsx", "Excel (XLSX)"),
                    ("odt", "OpenDocument (ODT)"),
                ],
                max_length=10,
                verbose_name="file type",
            ),
        ),
        migrations.AddField(
            model_name="evidence",
            name="sha256",
            field=models.CharField(blank=True, max_length=64, verbose_name="SHA-256"),
        ),
        migrations.AddField(
            model_name="evidence",
            name="size",
            field=models.PositiveIntegerField(
                blank=True, help_text="In bytes.", null=True, verbose_name="size"
            ),
        ),
        migrations.AddConstraint(
            model_name="evidence",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("file", ""), ("file_type", ""), ("sha256", ""), ("size", None)),
                    models.Q(
                        models.Q(("file", ""), _negated=True),
                        ("file_type__in", ["pdf", "png", "jpg", "docx", "xlsx", "odt"]),
                        ("size__isnull", False),
                        models.Q(("sha256", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="evidence_file_described",
            ),
        ),
    ]
