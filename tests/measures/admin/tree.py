"""One row of everything in a plan, for the tests of the admin."""

from types import SimpleNamespace

from measures.services.progress import ReportedResult, record_progress
from tests.make import make_action, make_measure, make_plan, make_result, make_task


def make_tree(**values):
    """Return a draft with one row on each level."""
    plan = make_plan(**{"state": "draft", **values})
    task = make_task(plan, title="Telkti regioną")
    measure = make_measure(task, title="Bendradarbiavimas")
    action = make_action(measure, title="Susitikimai")
    result = make_result(action, text="Du susitikimai per metus")
    return SimpleNamespace(plan=plan, task=task, measure=measure, action=action, result=result)


def report(tree, author, percent=40):
    """Return a new entry of the journal; makes the plan active for it."""
    if tree.plan.state != "active":
        tree.plan.state = "active"
        tree.plan.save()
    tree.result.refresh_from_db()
    reported = ReportedResult(tree.result.key, tree.result.version, "in_progress", percent)
    return record_progress(
        action=tree.action, author=author, results=[reported], comment="Įvyko susitikimas."
    )
