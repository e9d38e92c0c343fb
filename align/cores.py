"""The cores there are, and the libraries that would share out every matrix product between them by themselves."""

from __future__ import annotations

import os
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from threadpoolctl import ThreadpoolController


def cores() -> int:
    """How many this process may use: as many as the system gives it, or $RASHOMON_CORES."""
    chosen = os.environ.get("RASHOMON_CORES", "")
    if chosen.isdecimal():
        return max(1, int(chosen))
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@cache
def libraries() -> ThreadpoolController:
    """Those that numpy computes with; finding them takes longer than the claims of a small story."""
    from threadpoolctl import ThreadpoolController

    return ThreadpoolController()
