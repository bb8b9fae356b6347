"""Reads which packs were made for the members' meetings."""

from typing import Any

from measures.models import Pack, Plan


def newest_packs(plan: Plan) -> Any:
    """Return the packs of a plan with their files, newest first; the page takes what it shows."""
    return Pack.objects.filter(plan=plan).with_files().order_by("-number")
