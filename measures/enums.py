"""Closed lists of values. The words fit nouns of every gender, so no label needs agreement."""

from django.db.models import IntegerChoices, TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class PlanState(TextChoices):
    """Where a plan is in its life."""

    DRAFT = "draft", pgettext_lazy("plan", "Draft")
    ACTIVE = "active", pgettext_lazy("plan", "Active")
    CLOSED = "closed", pgettext_lazy("plan", "Closed")


class PeriodKind(TextChoices):
    """Into what stretches a plan's time is divided; `per_year` says how many of them make a year."""

    QUARTER = "quarter", _("Quarters")
    HALF_YEAR = "half_year", _("Half-years")

    @property
    def per_year(self) -> int:
        """Return how many make a year."""
        return 4 if self is PeriodKind.QUARTER else 2


class PeriodState(TextChoices):
    """How a reporting period stands on a day; computed, never typed."""

    UPCOMING = "upcoming", pgettext_lazy("period", "Not begun yet")
    RUNNING = "running", pgettext_lazy("period", "Running")
    OVER = "over", pgettext_lazy("period", "Over, not closed yet")
    CLOSED = "closed", pgettext_lazy("period", "Closed")


class PackState(TextChoices):
    """How far a pack for the members' meeting has come; what is finished or failed stays so."""

    MAKING = "making", pgettext_lazy("pack", "Being made")
    FINISHED = "finished", pgettext_lazy("pack", "Finished")
    FAILED = "failed", pgettext_lazy("pack", "Could not be made")


class PackStep(IntegerChoices):
    """What is being done to make a pack."""

    ROWS = 1, _("reading the plan")
    EXCEL = 2, _("making the Excel file")
    WORD = 3, _("making the Word document")
    PDF = 4, _("making the PDF")


class PackFileKind(TextChoices):
    """Which of the files of a pack; addresses name them by these words."""

    EXCEL = "excel", "Excel"
    WORD = "word", "Word"
    PDF = "pdf", "PDF"


class Status(TextChoices):
    """How a planned result is going, as its owner reports it."""

    NOT_STARTED = "not_started", pgettext_lazy("status", "Not started")
    IN_PROGRESS = "in_progress", pgettext_lazy("status", "In progress")
    DONE = "done", pgettext_lazy("status", "Done")
    POSTPONED = "postponed", pgettext_lazy("status", "Postponed")
    CANCELLED = "cancelled", pgettext_lazy("status", "Cancelled")


class ConditionState(TextChoices):
    """What became of the condition on which a planned result depends."""

    PENDING = "pending", pgettext_lazy("condition", "Pending")
    MET = "met", pgettext_lazy("condition", "Met")
    FAILED = "failed", pgettext_lazy("condition", "Failed")


class Schedule(TextChoices):
    """How a planned result stands to its term; computed, never typed."""

    ON_TIME = "on_time", pgettext_lazy("schedule", "On time")
    DUE_SOON = "due_soon", pgettext_lazy("schedule", "Due soon")
    LATE = "late", pgettext_lazy("schedule", "Late")


class Standing(TextChoices):
    """The one word under which a planned result is shown: each result has exactly one."""

    DONE = "done", pgettext_lazy("status", "Done")
    IN_PROGRESS = "in_progress", pgettext_lazy("status", "In progress")
    LATE = "late", pgettext_lazy("schedule", "Late")
    CONDITIONAL = "conditional", pgettext_lazy("status", "Depends on a condition")
    POSTPONED = "postponed", pgettext_lazy("status", "Postponed")
    CANCELLED = "cancelled", pgettext_lazy("status", "Cancelled")
    NOT_STARTED = "not_started", pgettext_lazy("status", "Not started")


class CodeKind(TextChoices):
    """What a KRSS2030 code names."""

    MEASURE = "measure", pgettext_lazy("code", "Measure")
    ACTION = "action", pgettext_lazy("code", "Action")
    PRIORITY = "priority", pgettext_lazy("code", "Horizontal priority")


class PartnerKind(TextChoices):
    """What sort of body a partner is."""

    MUNICIPALITY = "municipality", _("Municipality")
    STATE = "state", _("State institution")
    SCIENCE = "science", _("Science and education")
    BUSINESS = "business", _("Company or association")
    FOREIGN = "foreign", _("Foreign or international body")
    GROUP = "group", _("Group of organisations")
    OTHER = "other", _("Other")


class FileType(TextChoices):
    """What kinds of files can back an update."""

    PDF = "pdf", "PDF"
    PNG = "png", "PNG"
    JPG = "jpg", "JPG"
    DOCX = "docx", "Word (DOCX)"
    XLSX = "xlsx", "Excel (XLSX)"
    ODT = "odt", "OpenDocument (ODT)"


class ImportKind(TextChoices):
    """What a file that is imported holds."""

    WORK_SHEET = "work_sheet", _("Work sheet")
    NEW_PLAN = "new_plan", _("A new plan from its document")
    PLAN_TEXT = "plan_text", _("A plan's text, compared with its document")
    PARTNERS = "partners", _("Register of partners")
    RESOURCES = "resources", _("Register of resources")
    PROJECTS = "projects", _("Register of projects")
    CODES = "codes", _("KRSS2030 codes")
    USERS = "users", _("Accounts of users")


class ImportState(TextChoices):
    """How far an import has come."""

    PREVIEWED = "previewed", pgettext_lazy("import", "Waits to be confirmed")
    REFUSED = "refused", pgettext_lazy("import", "Has errors")
    APPLIED = "applied", pgettext_lazy("import", "Applied")
    UNDONE = "undone", pgettext_lazy("import", "Undone")
    DISCARDED = "discarded", pgettext_lazy("import", "Discarded")


class LineKind(TextChoices):
    """What an import does about one row of a file, or why it can't."""

    REFUSED = "refused", pgettext_lazy("row of an import", "Refused")
    CONFLICT = "conflict", pgettext_lazy("row of an import", "Conflict")
    ADDED = "added", pgettext_lazy("row of an import", "Added")
    CHANGED = "changed", pgettext_lazy("row of an import", "Changed")
    MISSING = "missing", pgettext_lazy("row of an import", "Not in the document")
    UNCHANGED = "unchanged", pgettext_lazy("row of an import", "Unchanged")
