"""Where a report goes: standard output, or a file that is written whole or not at all."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flows.errors import UserError


def write_text(text: str, out: Path | None) -> None:
    """Write UTF-8 to a file, or to standard output where `out` is None. Raises `UserError` as `replacing` does."""
    data = text.encode("utf-8")
    if out is None:
        sys.stdout.flush()
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
        return
    with replacing(out) as part:
        part.write_bytes(data)


@contextmanager
def replacing(out: Path) -> Iterator[Path]:
    """A path in the same folder, for a file that takes the place of `out` when all is written.

    Raises `UserError` where `out` cannot be written.
    """
    if out.exists() and not out.is_file():
        raise UserError(f"{out} is no file, but a {'folder' if out.is_dir() else 'device'}; name a file to write to")
    target = out.resolve()
    parent = target.parent
    if not parent.is_dir():
        raise UserError(f"{out}: the folder {parent} does not exist; make it first")
    try:
        with tempfile.TemporaryDirectory(prefix=".rashomon-", dir=parent) as folder:
            part = Path(folder) / target.name
            yield part
            part.replace(target)
    except OSError as error:
        raise UserError(f"{out} cannot be written: {error.strerror or error}") from error
