"""The program with its comparison of versions taken out: what the load test has to notice."""

from akr_plan.wsgi import application
from measures.services import progress

_compare = progress._compare


def _compare_with_newest(stored, results):
    """Pretend that everybody has seen the newest version."""
    fresh = [
        progress.ReportedResult(item.key, stored[item.key].version, item.status, item.percent)
        for item in results
    ]
    return _compare(stored, fresh)


progress._compare = _compare_with_newest

__all__ = ["application"]
