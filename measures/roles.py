"""Who may do what: the four groups and their permissions.

A migration that adds a model gives its permissions by calling `assign` again; permissions that do not
exist yet at that point of the history are left out.
"""

from typing import Any

from django.contrib.auth.management import create_permissions
from django.contrib.auth.models import Group

ADMINISTRATOR = "Administratorius"
COORDINATOR = "Koordinatorius"
UPDATER = "Atsakingas darbuotojas"
MANAGER = "Vadovas"

PLAN_MODELS = (
    *("plan", "task", "measure", "action", "plannedresult", "reportingperiod"),
    *("measurecode", "actioncode", "actionresource", "actionpartner", "resultproject"),
    *("strategydirection", "strategycode"),
    *("partner", "partneralias", "resource", "resourcealias", "project", "projectalias"),
)
JOURNAL_MODELS = (
    *("progressupdate", "resultprogress", "withdrawal", "evidence"),
    *("snapshot", "reopening"),
)

# They hold what is exported, so they are for those who may export.
PACK_MODELS = ("pack", "packfile")

# They hold what coordinators bring in.
IMPORT_MODELS = ("importjob",)

_view = {f"measures.view_{model}" for model in PLAN_MODELS + JOURNAL_MODELS}
_export = {"measures.export_plan"} | {f"measures.view_{model}" for model in PACK_MODELS}
_edit_plan = {f"measures.{verb}_{model}" for verb in ("add", "change", "delete") for model in PLAN_MODELS}
_edit_accounts = {
    f"{app}.{verb}_{model}"
    for verb in ("add", "change", "delete", "view")
    for app, model in (("akr_plan", "user"), ("auth", "group"))
}
_coordinate = (
    _view
    | _edit_plan
    | _export
    | {f"measures.view_{model}" for model in IMPORT_MODELS}
    | {
        "akr_plan.access_admin",
        "akr_plan.view_user",
        "measures.record_any_progress",
        "measures.close_period",
        "measures.import_data",
    }
)

PERMISSIONS: dict[str, set[str]] = {
    ADMINISTRATOR: _coordinate | _edit_accounts | {"measures.reopen_period"},
    COORDINATOR: _coordinate,
    UPDATER: _view | {"measures.record_own_progress"},
    MANAGER: _view | _export,
}


def assign(apps: Any) -> None:
    """Make the groups and set their permissions; `apps` is the registry of a migration, or the live one."""
    for app_config in apps.get_app_configs():
        if not hasattr(app_config, "models_module"):
            # Inside a migration; permissions are normally made only after the last one.
            app_config.models_module = True
        create_permissions(app_config, apps=apps, verbosity=0)
    group_model = apps.get_model("auth", "Group")
    permission_model = apps.get_model("auth", "Permission")
    by_name = {
        f"{permission.content_type.app_label}.{permission.codename}": permission
        for permission in permission_model.objects.select_related("content_type")
    }
    for name, wanted in PERMISSIONS.items():
        group, _created = group_model.objects.get_or_create(name=name)
        group.permissions.set(by_name[permission] for permission in wanted if permission in by_name)


def group(name: str) -> Group:
    """Return the group of a role."""
    return Group.objects.get(name=name)
