"""The plan in Django's own admin."""

from . import packs, plan, progress, registers, strategy

__all__ = ["packs", "plan", "progress", "registers", "strategy"]
