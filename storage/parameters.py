"""Values handed to DuckDB."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def handing_over() -> Iterator[None]:
    """Around statements with many values, none of which is of pandas.

    DuckDB asks of each whether it is, and looks for pandas each time: where it is not installed, that takes ten times
    as long as all else.
    """
    if "pandas" in sys.modules:
        yield
        return
    sys.modules["pandas"] = None  # type: ignore[assignment]
    try:
        yield
    finally:
        sys.modules.pop("pandas", None)
