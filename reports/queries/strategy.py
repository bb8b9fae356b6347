"""What pages ask the database of the strategy KRSS2030 itself; it hands out finished rows."""

from django.db.models import F, Value

from measures.models import StrategyCode, StrategyDirection
from measures.tree.rows import CodeRow

from ..rows import Strategy


def read_strategy() -> Strategy:
    """Return all of the strategy that is known here, whether a plan refers to it or not, in one query."""
    directions = (
        StrategyDirection.objects.order_by()
        .annotate(kind=Value(""), direction=Value(""))
        .values_list("id", "code", "title", "kind", "direction", "sort_key")
    )
    codes = (
        StrategyCode.objects.order_by()
        .annotate(roman=F("direction__code"))
        .values_list("id", "code", "title", "kind", "roman", "sort_key")
    )
    rows = list(directions.union(codes, all=True).order_by("sort_key", "code"))
    return Strategy(
        titles={code: title for _id, code, title, kind, *_rest in rows if not kind},
        codes=tuple(
            CodeRow(code, title, kind, direction or "", "", sort_key)
            for _id, code, title, kind, direction, sort_key in rows
            if kind
        ),
        code_ids={code: id_ for id_, code, _title, kind, *_rest in rows if kind},
    )
