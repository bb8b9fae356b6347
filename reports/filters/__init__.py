"""What the address asks for: a day, and which part of the plan. Nothing here asks the database."""

from akr_plan.days import AskedDay, read_day

from .plan_filter import PlanFilter

__all__ = ["AskedDay", "PlanFilter", "read_day"]
