import django.core.validators
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("akr_plan", "__first__"),
    ]

    operations = [
        migrations.CreateModel(
            name="StrategyDirection",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False, verbose_name="version")),
                (
                    "code",
                    models.CharField(
                        help_text="A Roman number: I–V.",
                        max_length=3,
                        unique=True,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A(I|II|III|IV|V)\\Z", "A Roman number: I–V."
                            )
                        ],
                        verbose_name="number",
                    ),
                ),
                ("title", models.CharField(max_length=200, verbose_name="title")),
                ("sort_key", models.CharField(db_index=True, editable=False, max_length=50)),
            ],
            options={
                "verbose_name": "KRSS2030 direction",
                "verbose_name_plural": "KRSS2030 directions",
                "ordering": ["sort_key"],
            },
        ),
        migrations.CreateModel(
            name="StrategyCode",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False, verbose_name="version")),
                (
                    "code",
                    models.CharField(
                        help_text="For example I.1.4.1, without a dot at the end. A horizontal priority has its name here.",
                        max_length=100,
                        unique=True,
                        verbose_name="code",
                    ),
                ),
                ("title", models.CharField(max_length=1000, verbose_name="title")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("measure", "Measure"),
                            ("action", "Action"),
                            ("priority", "Horizontal priority"),
                        ],
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                (
                    "direction",
                    models.ForeignKey(
                        blank=True,
                        help_text="Empty for a horizontal priority.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="codes",
                        to="measures.strategydirection",
                        verbose_name="KRSS2030 direction",
                    ),
                ),
                ("sort_key", models.CharField(db_index=True, editable=False, max_length=150)),
            ],
            options={
                "verbose_name": "KRSS2030 code",
                "verbose_name_plural": "KRSS2030 codes",
                "ordering": ["sort_key"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["measure", "action", "priority"])),
                        name="code_kind_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("direction", None), ("kind", "priority")),
                            models.Q(
                                models.Q(("kind", "priority"), _negated=True), ("direction__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="code_has_direction_unless_priority",
                        violation_error_message="A measure and an action have a direction; a horizontal priority has none.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Partner",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False, verbose_name="version")),
                ("name", models.CharField(max_length=300, unique=True, verbose_name="name")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("municipality", "Municipality"),
                            ("state", "State institution"),
                            ("science", "Science and education"),
                            ("business", "Company or association"),
                            ("foreign", "Foreign or international body"),
                            ("group", "Group of organisations"),
                            ("other", "Other"),
                        ],
                        default="other",
                        max_length=20,
                        verbose_name="kind",
                    ),
                ),
                ("is_active", models.BooleanField(default=True, verbose_name="active")),
                ("member_from", models.DateField(blank=True, null=True, verbose_name="member from")),
                ("member_until", models.DateField(blank=True, null=True, verbose_name="member until")),
            ],
            options={
                "verbose_name": "partner",
                "verbose_name_plural": "partners",
                "ordering": ["name"],
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                ["municipality", "state", "science", "business", "foreign", "group", "other"],
                            )
                        ),
                        name="partner_kind_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("member_from", None),
                            ("member_until", None),
                            ("member_from__lte", models.F("member_until")),
                            _connector="OR",
                        ),
                        name="partner_membership_in_order",
                        violation_error_message="The membership ends before it begins.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PartnerAlias",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False, verbose_name="version")),
                ("name", models.CharField(max_length=300, unique=True, verbose_name="name")),
                (
                    "partner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="aliases",
                        to="measures.partner",
                    ),
                ),
            ],
            options={
                "verbose_name": "other spelling",
                "verbose_name_plural": "other spellings",
                "ordering": ["name"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Resource",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False, verbose_name="version")),
                ("name", models.CharField(max_length=300, unique=True, verbose_name="name")),
            ],
            options={
                "verbose_name": "resource",
                "verbose_name_plural": "resources",
                "ordering": ["name"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="ResourceAlias",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False, verbose_name="version")),
                ("name", models.CharField(max_length=300, unique=True, verbose_name="name")),
                (
                    "resource",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="aliases",
                        to="measures.resource",
                    ),
                ),
            ],
            options={
                "verbose_name": "other spelling",
                "verbose_name_plural": "other spellings",
                "ordering": ["name"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Project",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False, verbose_name="version")),
                ("name", models.CharField(max_length=300, unique=True, verbose_name="name")),
                ("programme", models.CharField(blank=True, max_length=200, verbose_name="programme")),
                ("starts_on", models.DateField(blank=True, null=True, verbose_name="starts on")),
                ("ends_on", models.DateField(blank=True, null=True, verbose_name="ends on")),
            ],
            options={
                "verbose_name": "project",
                "verbose_name_plural": "projects",
                "ordering": ["name"],
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("starts_on", None),
                            ("ends_on", None),
                            ("starts_on__lte", models.F("ends_on")),
                            _connector="OR",
                        ),
                        name="project_dates_in_order",
                        violation_error_message="The project ends before it begins.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ProjectAlias",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False, verbose_name="version")),
                ("name", models.CharField(max_length=300, unique=True, verbose_name="name")),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="aliases",
                        to="measures.project",
                    ),
                ),
            ],
            options={
                "verbose_name": "other spelling",
                "verbose_name_plural": "other spellings",
                "ordering": ["name"],
                "abstract": False,
            },
        ),
    ]
