from typing import Any

from django.db import migrations, models
from django.utils import timezone


def note_closings(apps: Any, schema_editor: Any) -> None:
    history = apps.get_model("measures", "HistoricalPlan").objects.order_by("history_date", "history_id")
    for plan in apps.get_model("measures", "Plan").objects.filter(state="closed"):
        versions = history.filter(id=plan.pk)
        open_ones = versions.exclude(state="closed")
        if open_ones.exists():
            versions = versions.filter(history_date__gt=open_ones.last().history_date)
        closing = versions.first()
        plan.closed_at = closing.history_date if closing else timezone.now()
        plan.save(update_fields=["closed_at"])


class Migration(migrations.Migration):
    """Plans that are closed already were closed when their history says so for the last time."""

    dependencies = [
        ("measures", "0011_rights_of_reporting"),
    ]

    operations = [
        migrations.AddField(
            model_name="historicalplan",
            name="closed_at",
            field=models.DateTimeField(
                blank=True,
                editable=False,
                help_text="Pages show the plan as it stood at this moment, unless a day is chosen.",
                null=True,
                verbose_name="closed at",
            ),
        ),
        migrations.AddField(
            model_name="plan",
            name="closed_at",
            field=models.DateTimeField(
                blank=True,
                editable=False,
                help_text="Pages show the plan as it stood at this moment, unless a day is chosen.",
                null=True,
                verbose_name="closed at",
            ),
        ),
        migrations.RunPython(note_closings, migrations.RunPython.noop),
    ]
