from django.contrib.postgres.operations import CreateCollation
from django.db import migrations


class Migration(migrations.Migration):
    """PostgreSQL gets the collation `lt`; SQLite gets its own with each connection."""

    dependencies = [("akr_plan", "0001_user")]

    operations = [CreateCollation("lt", provider="icu", locale="lt")]
