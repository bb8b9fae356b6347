"""What the files of a sheet are called."""

from django.utils.text import slugify

from measures.tree.rows import PlanHead

from .parties import PartySheet

MAX_NAME = 60


def party_file_name(plan: PlanHead, sheet: PartySheet, ending: str) -> str:
    """Return a name of plain letters: veiklos-planas-2023-2024_savivaldybiu-lesos_bukle-2024-12-31.xlsx."""
    name = slugify(sheet.name)[:MAX_NAME].strip("-_") or sheet.kind.value
    return f"veiklos-planas-{plan.slug}_{name}_bukle-{plan.as_of.isoformat()}.{ending}"
