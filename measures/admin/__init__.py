"""The plan in Django's own admin."""

from . import accounts, packs, plan, progress, registers, strategy

__all__ = ["accounts", "packs", "plan", "progress", "registers", "strategy"]
