"""The data of the plan."""

from .base import ConflictError, VersionedModel
from .links import ActionCode, ActionPartner, ActionResource, MeasureCode, ResultProject
from .plan import Action, Measure, Plan, Task
from .progress import Evidence, ProgressUpdate, ReportingPeriod, ResultProgress
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
    "Measure",
    "MeasureCode",
    "Partner",
    "PartnerAlias",
    "Plan",
    "PlannedResult",
    "ProgressUpdate",
    "Project",
    "ProjectAlias",
    "ReportingPeriod",
    "Resource",
    "ResourceAlias",
    "ResultProgress",
    "ResultProject",
    "StrategyCode",
    "StrategyDirection",
    "Task",
    "VersionedModel",
]
