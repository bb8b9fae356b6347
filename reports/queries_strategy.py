"""What the strategy's pages ask the database for besides the plan; it hands out finished rows."""

from measures.models import StrategyCode
from measures.tree.rows import CodeRow


def known_codes() -> list[CodeRow]:
    """Return every KRSS2030 code there is, whether a plan refers to it or not, in the strategy's order."""
    fields = ("code", "title", "kind", "direction__code", "sort_key")
    return [
        CodeRow(code, title, kind, direction or "", "", sort_key)
        for code, title, kind, direction, sort_key in StrategyCode.objects.order_by("sort_key").values_list(
            *fields
        )
    ]
