"""How long today's figures of a plan take, beside other ways of getting the same.

    python benchmarks/rollup.py

Databases are made in temporary places, SQLite's and a PostgreSQL server's of their own. All ways run in
turn; only their ratios mean something on another machine.
"""

import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
TODAY = date(2024, 6, 30)
SIZES = (10_000, 100_000)
PREFETCHED_SIZES = (10_000,)
RESULTS_OF_ACTION = 3
ROUNDS = 5
PAGE_ROUNDS = 100


# --- the ways --------------------------------------------------------------------------------------


def ways_of(plan) -> dict[str, Callable[[], Any]]:  # noqa: ANN001 - Django is set up in the measured process
    """Return the ways of getting all breakdowns of a plan."""
    from reports.queries import direction_titles
    from reports.rollup_sql import FIGURES_SQL, figures_parameters, read_rollup

    titles = direction_titles()
    parameters = figures_parameters(plan, TODAY)
    ways = {
        "program": lambda: read_rollup(plan, titles, TODAY),
        "raw": lambda: run_raw([FIGURES_SQL], parameters),
        "separate": lambda: run_raw(SEPARATE_SQL, parameters),
    }
    if plan.slug in {str(size) for size in PREFETCHED_SIZES}:
        ways["prefetch"] = lambda: fold_prefetched(plan, titles)
    return ways
