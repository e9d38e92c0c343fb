"""Where a report goes: standard output, or a file that is written whole or not at all."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

from flows.errors import UserError


def write_text(text: str, out: Path | None) -> None:
    """Write UTF-8 to a file, or to standard output, whatever its encoding, where `out` is None.

    Raises `UserError` as `replacing` does.
    """
    data = text.encode("utf-8")
    if out is None:
        try:
            sys.stdout.flush()
            sys.stdout.buffer.write(data)
            sys.stdout.buffer.flush()
        except BrokenPipeError:
            end_quietly()
        return
    with replacing(out) as part:
        part.write_bytes(data)


def end_quietly() -> NoReturn:
    """End the command with 0 where the reader of standard output went away, as `head` does when it has its lines."""
    # What is still to be written has to go somewhere, or Python complains at its end.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    raise SystemExit(0)


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
