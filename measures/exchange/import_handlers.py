"""Which class looks after which kind of import."""

from django.utils.module_loading import import_string

from akr_plan.models import User

from ..enums import ImportKind
from .import_handler import ImportHandler
from .registers.handlers import SHEETS, may_import_register

_PARTS = ("task", "measure", "action", "plannedresult")
_LINKS = ("measurecode", "actioncode", "actionresource", "actionpartner")
_REGISTERS = ("partner", "partneralias", "resource", "resourcealias", "strategycode")
_ADDED = tuple(f"measures.add_{name}" for name in (*_PARTS, *_LINKS, "resultproject", *_REGISTERS))
# What a document writes.
_RIGHTS: dict[ImportKind, tuple[str, ...]] = {
    ImportKind.NEW_PLAN: ("measures.add_plan", *_ADDED),
    ImportKind.PLAN_TEXT: (
        *_ADDED,
        *(f"measures.change_{name}" for name in ("plan", *_PARTS, *_LINKS)),
        *(f"measures.delete_{name}" for name in _LINKS),
    ),
}

# By name, for they load libraries that only who imports has to wait for.
HANDLERS: dict[ImportKind, str] = {
    ImportKind.NEW_PLAN: "measures.exchange.plan_text.handlers.NewPlanImport",
    ImportKind.PLAN_TEXT: "measures.exchange.plan_text.handlers.PlanTextImport",
    ImportKind.WORK_SHEET: "measures.exchange.work_sheet.handler.WorkSheetImport",
    ImportKind.PARTNERS: "measures.exchange.registers.handlers.PartnerImport",
    ImportKind.RESOURCES: "measures.exchange.registers.handlers.ResourceImport",
    ImportKind.PROJECTS: "measures.exchange.registers.handlers.ProjectImport",
    ImportKind.CODES: "measures.exchange.registers.handlers.CodeImport",
    ImportKind.USERS: "measures.exchange.registers.handlers.UserImport",
}


def handler_of(kind: ImportKind) -> ImportHandler:
    """Return the handler of a kind of import."""
    handler: ImportHandler = import_string(HANDLERS[kind])()
    return handler


def may_import_kind(kind: ImportKind, user: User) -> bool:
    """Return whether a user may bring in files of this kind: those who may write its rows by hand."""
    if kind in SHEETS:
        return may_import_register(kind, user)
    return user.has_perms(["measures.import_data", *_RIGHTS.get(kind, ())])
