"""The plan in Django's own admin."""

from . import plan, progress, registers, strategy

__all__ = ["plan", "progress", "registers", "strategy"]
