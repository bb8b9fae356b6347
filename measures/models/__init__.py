"""The data of the plan."""

from .base import ConflictError, VersionedModel, save_all
from .evidence import Evidence
from .imports import ImportJob
from .links import ActionCode, ActionPartner, ActionResource, MeasureCode, ResultProject
from .pack import Pack, PackFile
from .periods import Reopening, ReportingPeriod, Snapshot
from .plan import Action, Measure, Plan, Task
from .progress import ProgressDraft, ProgressUpdate, ResultProgress, Withdrawal
from .registers import Partner, PartnerAlias, Project, ProjectAlias, Resource, ResourceAlias
from .results import PlannedResult
from .strategy import StrategyCode, StrategyDirection

__all__ = [
    "Action",
    "ActionCode",
    "ActionPartner",
    "ActionResource",
    "ConflictError",
    "Evidence",
    "ImportJob",
    "Measure",
    "MeasureCode",
    "Pack",
    "PackFile",
    "Partner",
    "PartnerAlias",
    "Plan",
    "PlannedResult",
    "ProgressDraft",
    "ProgressUpdate",
    "Project",
    "ProjectAlias",
    "Reopening",
    "ReportingPeriod",
    "Resource",
    "ResourceAlias",
    "ResultProgress",
    "ResultProject",
    "Snapshot",
    "StrategyCode",
    "StrategyDirection",
    "Task",
    "VersionedModel",
    "Withdrawal",
    "save_all",
]
