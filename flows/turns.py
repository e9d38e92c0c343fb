"""One run of a warehouse at a time, whoever started it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from filelock import FileLock, Timeout

from flows.progress import note
from flows.settings import Settings


@contextmanager
def turn(settings: Settings) -> Iterator[bool]:
    """Have the warehouse to this run; where another works on it, wait or give up, as the config says.

    Gives whether it is this one's turn. A run that is killed leaves its turn to the next at once: the operating system
    unlocks the file. The file stays; it is empty.
    """
    place = settings.warehouse.with_name(f"{settings.warehouse.name}.lock")
    lock = FileLock(place)
    try:
        lock.acquire(blocking=False)
    except Timeout:
        if settings.schedule.when_busy == "skip":
            yield False
            return
        note(f"another run works on {settings.warehouse}; waiting until it has ended")
        lock.acquire()
    try:
        yield True
    finally:
        lock.release()
