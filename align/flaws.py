"""What is plainly wrong with a translation, whatever it means."""

from __future__ import annotations


def find_flaw(text: str, english: str, language: str) -> str | None:
    """`empty`, `repetition`, `copied`, or `lost ` with the address, number or Latin name that is lost; else None."""
    raise NotImplementedError
