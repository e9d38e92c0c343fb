"""One run of a warehouse at a time, whoever started it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from flows.errors import UserError
from flows.progress import note
from flows.settings import LAKE, SHARED_LAKE, Settings


@contextmanager
def turn(settings: Settings) -> Iterator[bool]:
    """Have the warehouse to this run; where another works on it, wait or give up, as the config says.

    Gives whether it is this one's turn. Of a warehouse that several runs may write to, it always is: they take turns
    only at working on what was taken in, see `Warehouse.alone`. A run that is killed leaves its turn to the next at
    once: the operating system unlocks the file. The file stays; it is empty. Raises `UserError` where there can be no
    such file.
    """
    if settings.warehouse.startswith(SHARED_LAKE):
        yield True
        return
    place = Path(f"{settings.warehouse.removeprefix(LAKE)}.lock")
    if not place.parent.is_dir():
        raise UserError(f"{settings.warehouse}: the folder {place.parent} does not exist; make it first")
    lock = FileLock(place)
    try:
        lock.acquire(blocking=False)
    except Timeout:
        if settings.schedule.when_busy == "skip":
            yield False
            return
        note(f"another run works on {settings.warehouse}; waiting until it has ended")
        lock.acquire()
    except OSError as error:
        raise UserError(f"{place} cannot be made: {error.strerror or error}") from error
    try:
        yield True
    finally:
        lock.release()
