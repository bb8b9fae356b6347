import django.core.validators
import django.db.models.deletion
import measures.models.constraints
import measures.validators
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("measures", "0001_registers"),
    ]

    operations = [
        migrations.CreateModel(
            name="Plan",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False, verbose_name="version")),
                (
                    "slug",
                    models.CharField(
                        help_text="Stands in addresses and commands, for example 2023-2024.",
                        max_length=50,
                        unique=True,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A[a-z0-9]+(-[a-z0-9]+)*\\Z",
                                "Use small Latin letters, digits and single hyphens only, for example 2023-2024.",
                            )
                        ],
                        verbose_name="short name",
                    ),
                ),
                ("title", models.CharField(max_length=300, verbose_name="title")),
                ("organisation", models.CharField(blank=True, max_length=300, verbose_name="organisation")),
                ("goal", models.TextField(verbose_name="goal")),
                (
                    "first_year",
                    models.PositiveSmallIntegerField(
                        validators=[
                            django.core.validators.MinValueValidator(2000),
                            django.core.validators.MaxValueValidator(2100),
                        ],
                        verbose_name="first year",
                    ),
                ),
                (
                    "last_year",
                    models.PositiveSmallIntegerField(
                        validators=[
                            django.core.validators.MinValueValidator(2000),
                            django.core.validators.MaxValueValidator(2100),
                        ],
                        verbose_name="last year",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("draft", "Draft"), ("active", "Active"), ("closed", "Closed")],
                        default="draft",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                (
                    "adopted_at",
                    models.DateTimeField(
                        blank=True,
                        editable=False,
                        help_text="From here on each change of the text is kept by date; before it the text stands as it was here.",
                        null=True,
                        verbose_name="adopted at",
                    ),
                ),
                (
                    "is_sample",
                    models.BooleanField(
                        default=False,
                        editable=False,
                        help_text="Made up, to try the program out.",
                        verbose_name="sample data",
                    ),
                ),
            ],
            options={
                "verbose_name": "action plan",
                "verbose_name_plural": "action plans",
                "ordering": ["-first_year", "slug"],
                "permissions": [("export_plan", "Can download the plan as files")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("first_year__lte", models.F("last_year"))),
                        name="plan_years_in_order",
                        violation_error_message="The last year is before the first.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["draft", "active", "closed"])),
                        name="plan_state_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Task",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False, verbose_name="version")),
                ("sort_key", models.CharField(editable=False, max_length=50)),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="tasks",
                        to="measures.plan",
                        verbose_name="action plan",
                    ),
                ),
                (
                    "number",
                    models.CharField(
                        max_length=20,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A[0-9]{1,4}\\Z", "Write the number of a task as one number, for example 2."
                            )
                        ],
                        verbose_name="number",
                    ),
                ),
                ("title", models.CharField(max_length=1000, verbose_name="title")),
            ],
            options={
                "verbose_name": "task",
                "verbose_name_plural": "tasks",
                "ordering": ["plan_id", "sort_key"],
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(fields=("plan", "number"), name="task_number_unique_in_plan"),
                    models.UniqueConstraint(fields=("id", "plan"), name="task_of_plan"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Measure",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False, verbose_name="version")),
                (
                    "plan",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        to="measures.plan",
                        verbose_name="action plan",
                    ),
                ),
                ("sort_key", models.CharField(editable=False, max_length=50)),
                (
                    "task",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="measures",
                        to="measures.task",
                        verbose_name="task",
                    ),
                ),
                (
                    "number",
                    models.CharField(
                        max_length=20,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A[0-9]{1,4}\\.[0-9]{1,4}\\Z",
                                "Write the number of a measure as two numbers with a dot, for example 2.1.",
                            )
                        ],
                        verbose_name="number",
                    ),
                ),
                (
                    "number_as_written",
                    models.CharField(
                        blank=True,
                        help_text="As the document has it, even a slip such as 6.. – shown in the document's copy only.",
                        max_length=20,
                        verbose_name="number as written",
                    ),
                ),
                ("title", models.CharField(max_length=1000, verbose_name="title")),
            ],
            options={
                "verbose_name": "measure",
                "verbose_name_plural": "measures",
                "ordering": ["plan_id", "sort_key"],
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(fields=("plan", "number"), name="measure_number_unique_in_plan"),
                    models.UniqueConstraint(fields=("id", "plan"), name="measure_of_plan"),
                    measures.models.constraints.SamePlan(name="measure_same_plan_as_task", parent="task"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Action",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False, verbose_name="version")),
                (
                    "plan",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        to="measures.plan",
                        verbose_name="action plan",
                    ),
                ),
                ("sort_key", models.CharField(editable=False, max_length=50)),
                (
                    "measure",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="actions",
                        to="measures.measure",
                        verbose_name="measure",
                    ),
                ),
                (
                    "number",
                    models.CharField(
                        max_length=20,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A[0-9]{1,4}(\\.[0-9]{1,4}){2}\\Z",
                                "Write the number of an action as three numbers with dots, for example 2.1.5.",
                            )
                        ],
                        verbose_name="number",
                    ),
                ),
                ("title", models.CharField(max_length=1000, verbose_name="title")),
                (
                    "lead_in",
                    models.TextField(
                        blank=True,
                        help_text="What the third column says before the first result.",
                        verbose_name="lead-in",
                    ),
                ),
                (
                    "links",
                    models.JSONField(
                        blank=True,
                        default=list,
                        validators=[measures.validators.validate_links],
                        verbose_name="links",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        blank=True,
                        help_text="The person who reports how the action is going.",
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="owned_actions",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="owner",
                    ),
                ),
            ],
            options={
                "verbose_name": "action",
                "verbose_name_plural": "actions",
                "ordering": ["plan_id", "sort_key"],
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(fields=("plan", "number"), name="action_number_unique_in_plan"),
                    models.UniqueConstraint(fields=("id", "plan"), name="action_of_plan"),
                    measures.models.constraints.SamePlan(
                        name="action_same_plan_as_measure", parent="measure"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PlannedResult",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False, verbose_name="version")),
                (
                    "plan",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        to="measures.plan",
                        verbose_name="action plan",
                    ),
                ),
                (
                    "action",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="results",
                        to="measures.action",
                        verbose_name="action",
                    ),
                ),
                (
                    "key",
                    models.CharField(
                        blank=True,
                        help_text="Stays the same wherever the result moves. Left empty, it is made from the action's number.",
                        max_length=30,
                        verbose_name="key",
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(default=1, verbose_name="position")),
                ("text", models.TextField(verbose_name="text")),
                (
                    "sub_items",
                    models.JSONField(
                        blank=True,
                        default=list,
                        validators=[measures.validators.validate_lines],
                        verbose_name="sub-items",
                    ),
                ),
                (
                    "links",
                    models.JSONField(
                        blank=True,
                        default=list,
                        validators=[measures.validators.validate_links],
                        verbose_name="links",
                    ),
                ),
                (
                    "first_year",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(2000),
                            django.core.validators.MaxValueValidator(2100),
                        ],
                        verbose_name="first year",
                    ),
                ),
                (
                    "last_year",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        help_text="Empty: open-ended.",
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(2000),
                            django.core.validators.MaxValueValidator(2100),
                        ],
                        verbose_name="last year",
                    ),
                ),
                (
                    "period_text",
                    models.CharField(blank=True, max_length=50, verbose_name="period as written"),
                ),
                (
                    "deadline",
                    models.DateField(
                        blank=True,
                        help_text="Only if it differs from the end of the last year.",
                        null=True,
                        verbose_name="deadline",
                    ),
                ),
                (
                    "condition",
                    models.TextField(
                        blank=True,
                        help_text="On what the result depends: a grant, a decision, need.",
                        verbose_name="condition",
                    ),
                ),
                (
                    "condition_state",
                    models.CharField(
                        blank=True,
                        choices=[("pending", "Pending"), ("met", "Met"), ("failed", "Failed")],
                        max_length=10,
                        verbose_name="state of the condition",
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
                        default="not_started",
                        editable=False,
                        max_length=20,
                        verbose_name="status",
                    ),
                ),
                (
                    "percent",
                    models.PositiveSmallIntegerField(
                        blank=True, default=0, editable=False, null=True, verbose_name="percent"
                    ),
                ),
            ],
            options={
                "verbose_name": "planned result",
                "verbose_name_plural": "planned results",
                "ordering": ["plan_id", "action__sort_key", "position", "id"],
                "constraints": [
                    models.UniqueConstraint(fields=("plan", "key"), name="result_key_unique_in_plan"),
                    measures.models.constraints.SamePlan(name="result_same_plan_as_action", parent="action"),
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
                        name="result_percent_fits_status",
                        violation_error_message="The percent is from 0 to 100 and typed only while in progress: not started is 0, done is 100.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("first_year", None),
                            ("last_year", None),
                            ("first_year__lte", models.F("last_year")),
                            _connector="OR",
                        ),
                        name="result_years_in_order",
                        violation_error_message="The last year is before the first.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("condition", ""), ("condition_state", "")),
                            models.Q(
                                models.Q(("condition", ""), _negated=True),
                                ("condition_state__in", ["pending", "met", "failed"]),
                            ),
                            _connector="OR",
                        ),
                        name="result_condition_has_state",
                        violation_error_message="A condition needs a state, and a state needs a condition.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="MeasureCode",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False, verbose_name="version")),
                ("position", models.PositiveSmallIntegerField(default=1, verbose_name="position")),
                (
                    "measure",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="code_links",
                        to="measures.measure",
                    ),
                ),
                (
                    "code",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="measure_links",
                        to="measures.strategycode",
                        verbose_name="KRSS2030 code",
                    ),
                ),
                (
                    "as_written",
                    models.CharField(
                        blank=True,
                        help_text="As the document writes it here. Left empty, the name is shown.",
                        max_length=200,
                        verbose_name="as written",
                    ),
                ),
            ],
            options={
                "verbose_name": "KRSS2030 code",
                "verbose_name_plural": "KRSS2030 codes",
                "ordering": ["position", "id"],
                "constraints": [
                    models.UniqueConstraint(fields=("measure", "code"), name="measure_code_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="ActionCode",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False, verbose_name="version")),
                ("position", models.PositiveSmallIntegerField(default=1, verbose_name="position")),
                (
                    "action",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="code_links",
                        to="measures.action",
                    ),
                ),
                (
                    "code",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="action_links",
                        to="measures.strategycode",
                        verbose_name="KRSS2030 code",
                    ),
                ),
                (
                    "as_written",
                    models.CharField(
                        blank=True,
                        help_text="As the document writes it here. Left empty, the name is shown.",
                        max_length=200,
                        verbose_name="as written",
                    ),
                ),
            ],
            options={
                "verbose_name": "KRSS2030 code",
                "verbose_name_plural": "KRSS2030 codes",
                "ordering": ["position", "id"],
                "constraints": [models.UniqueConstraint(fields=("action", "code"), name="action_code_once")],
            },
        ),
        migrations.CreateModel(
            name="ActionResource",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False, verbose_name="version")),
                ("position", models.PositiveSmallIntegerField(default=1, verbose_name="position")),
                (
                    "action",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="resource_links",
                        to="measures.action",
                    ),
                ),
                (
                    "resource",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="action_links",
                        to="measures.resource",
                        verbose_name="resource",
                    ),
                ),
                (
                    "as_written",
                    models.CharField(
                        blank=True,
                        help_text="As the document writes it here. Left empty, the name is shown.",
                        max_length=300,
                        verbose_name="as written",
                    ),
                ),
            ],
            options={
                "verbose_name": "resource",
                "verbose_name_plural": "resources",
                "ordering": ["position", "id"],
                "constraints": [
                    models.UniqueConstraint(fields=("action", "resource"), name="action_resource_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="ActionPartner",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False, verbose_name="version")),
                ("position", models.PositiveSmallIntegerField(default=1, verbose_name="position")),
                (
                    "action",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="partner_links",
                        to="measures.action",
                    ),
                ),
                (
                    "partner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="action_links",
                        to="measures.partner",
                        verbose_name="partner",
                    ),
                ),
                (
                    "as_written",
                    models.CharField(
                        blank=True,
                        help_text="As the document writes it here. Left empty, the name is shown.",
                        max_length=300,
                        verbose_name="as written",
                    ),
                ),
            ],
            options={
                "verbose_name": "partner",
                "verbose_name_plural": "partners",
                "ordering": ["position", "id"],
                "constraints": [
                    models.UniqueConstraint(fields=("action", "partner"), name="action_partner_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="ResultProject",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False, verbose_name="version")),
                ("position", models.PositiveSmallIntegerField(default=1, verbose_name="position")),
                (
                    "result",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="project_links",
                        to="measures.plannedresult",
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="result_links",
                        to="measures.project",
                        verbose_name="project",
                    ),
                ),
            ],
            options={
                "verbose_name": "project",
                "verbose_name_plural": "projects",
                "ordering": ["position", "id"],
                "constraints": [
                    models.UniqueConstraint(fields=("result", "project"), name="result_project_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="ReportingPeriod",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False, verbose_name="version")),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="reporting_periods",
                        to="measures.plan",
                        verbose_name="action plan",
                    ),
                ),
                ("title", models.CharField(max_length=100, verbose_name="title")),
                ("starts_on", models.DateField(verbose_name="starts on")),
                ("ends_on", models.DateField(verbose_name="ends on")),
                (
                    "closed_at",
                    models.DateTimeField(blank=True, editable=False, null=True, verbose_name="closed at"),
                ),
            ],
            options={
                "verbose_name": "reporting period",
                "verbose_name_plural": "reporting periods",
                "ordering": ["plan_id", "starts_on"],
                "constraints": [
                    models.UniqueConstraint(fields=("plan", "title"), name="period_title_unique_in_plan"),
                    models.CheckConstraint(
                        condition=models.Q(("starts_on__lte", models.F("ends_on"))),
                        name="period_dates_in_order",
                        violation_error_message="The period ends before it begins.",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="Measure",
            name="codes",
            field=models.ManyToManyField(
                related_name="measures",
                through="measures.MeasureCode",
                to="measures.strategycode",
                verbose_name="KRSS2030 codes",
            ),
        ),
        migrations.AddField(
            model_name="Action",
            name="codes",
            field=models.ManyToManyField(
                related_name="actions",
                through="measures.ActionCode",
                to="measures.strategycode",
                verbose_name="KRSS2030 codes",
            ),
        ),
        migrations.AddField(
            model_name="Action",
            name="resources",
            field=models.ManyToManyField(
                related_name="actions",
                through="measures.ActionResource",
                to="measures.resource",
                verbose_name="resources",
            ),
        ),
        migrations.AddField(
            model_name="Action",
            name="partners",
            field=models.ManyToManyField(
                related_name="actions",
                through="measures.ActionPartner",
                to="measures.partner",
                verbose_name="partners",
            ),
        ),
        migrations.AddField(
            model_name="PlannedResult",
            name="projects",
            field=models.ManyToManyField(
                related_name="results",
                through="measures.ResultProject",
                to="measures.project",
                verbose_name="projects",
            ),
        ),
    ]
