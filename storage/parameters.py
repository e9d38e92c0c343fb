"""Values handed to DuckDB."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

MANY = 8
"""Values from which on the way below is worth it."""


def quoted(text: str | Path) -> str:
    """A path or an address for a string in SQL."""
    return str(text).replace("'", "''")


@contextmanager
def handing_over(parameters: Sequence[Any] | Mapping[str, Any]) -> Iterator[None]:
    """Around a statement with lists of values, none of which is of pandas.

    DuckDB asks of each value whether it is, and looks for pandas each time: where it is not installed, that takes ten
    times as long as all else. So for as long as the statement takes, Python knows that there is none. (A thread that
    asks sklearn about a data frame just then would be told of it in an odd way; none of ours does.)
    """
    values = parameters.values() if isinstance(parameters, Mapping) else parameters
    many = any(isinstance(value, list) and len(value) >= MANY for value in values)
    if not many or _has_pandas() or "pandas" in sys.modules:
        yield
        return
    sys.modules["pandas"] = None  # type: ignore[assignment]
    try:
        yield
    finally:
        sys.modules.pop("pandas", None)


@cache
def _has_pandas() -> bool:
    return find_spec("pandas") is not None
