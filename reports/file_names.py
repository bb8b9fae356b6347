"""What the files of a sheet are called."""

from django.utils.text import slugify

from measures.tree.rows import PlanHead

from .parties import PartySheet

MAX_NAME = 60


def party_file_name(plan: PlanHead, sheet: PartySheet, ending: str) -> str:
    """Return a name of plain letters: veiklos-planas-2023-2024_savivaldybiu-lesos_bukle-2024-12-31.xlsx."""
    name = slugify(sheet.name)[:MAX_NAME].strip("-_") or sheet.kind.value
    return f"veiklos-planas-{plan.slug}_{name}_bukle-{plan.as_of.isoformat()}.{ending}"


def plan_document_name(plan: PlanHead, *, with_progress: bool) -> str:
    """Return a name for the Word document: veiklos-planas-2023-2024_su-pazanga_bukle-2024-12-31.docx."""
    progress = "_su-pazanga" if with_progress else ""
    return f"veiklos-planas-{plan.slug}{progress}_bukle-{plan.as_of.isoformat()}.docx"


def plan_pdf_name(plan: PlanHead) -> str:
    """Return a name for the PDF of the plan: veiklos-planas-2023-2024_bukle-2024-12-31.pdf."""
    return f"veiklos-planas-{plan.slug}_bukle-{plan.as_of.isoformat()}.pdf"


def direction_file_name(plan: PlanHead, key: str, ending: str) -> str:
    """Return a name for a direction's report: krypties-ataskaita-2023-2024_ii_bukle-2024-12-31.docx.

    Without a key it is the report on all directions.
    """
    what = f"{plan.slug}_{slugify(key)}" if key else plan.slug
    name = "krypties-ataskaita" if key else "krypciu-ataskaita"
    return f"{name}-{what}_bukle-{plan.as_of.isoformat()}.{ending}"
