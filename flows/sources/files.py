"""Files that sources name: that they are there, and that they are no larger than can be held."""

from __future__ import annotations

from flows.errors import UserError
from flows.settings import Local


def check_there(source: Local) -> None:
    """Raise `UserError` where there is no such file."""
    if not source.path.is_file():
        raise UserError(f"{source.path}: no such file; check `path` of this {source.kind} source")


def read_whole(source: Local, most: int, remedy: str) -> bytes:
    """The bytes of the file. Raises `UserError` where it is missing or has more than `most`; remedy: what to do."""
    check_there(source)
    with source.path.open("rb") as file:
        data = file.read(most + 1)
    if len(data) > most:
        raise UserError(f"{source.path}: larger than {most} bytes; {remedy}")
    return data
