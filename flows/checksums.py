"""Checksums of files: of the kinds that the hub names them by, and lists as `sha256sum` writes and reads them."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from pathlib import Path

LIST = "SHA256SUMS"
_LINE = re.compile(r"([0-9a-f]{64}) [ *](\S.*)")
_CHECKSUM = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
_CHUNK = 1 << 20


def is_checksum(text: str) -> bool:
    """Whether a text is a checksum of a kind that `has_checksum` knows."""
    return _CHECKSUM.fullmatch(text) is not None


def has_checksum(path: Path, told: str) -> bool:
    """Whether a file has a checksum: SHA-256 (64 hexadecimal digits), or SHA-1 (40), Git's or that of the bytes alone.

    The hub names large files by the first and small ones by Git's SHA-1; some mirrors name these by the bytes'.
    """
    hashes = [hashlib.sha256()]
    if len(told) == 40:
        head = b"blob %d\0" % path.stat().st_size
        hashes = [hashlib.sha1(head, usedforsecurity=False), hashlib.sha1(usedforsecurity=False)]
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            for each in hashes:
                each.update(chunk)
    return told in [each.hexdigest() for each in hashes]


def write_list(folder: Path, files: Iterable[Path]) -> None:
    """Write the SHA-256 of a folder's files, given relative to it, into a list there."""
    with (folder / LIST).open("w", encoding="utf-8", newline="\n") as lines:
        for name in sorted(files):
            with (folder / name).open("rb") as file:
                lines.write(f"{hashlib.file_digest(file, 'sha256').hexdigest()}  {name.as_posix()}\n")


def read_list(folder: Path) -> dict[str, str] | None:
    """The checksums in a folder's list, by file; None where it has no list. Raises ValueError naming the line."""
    try:
        lines = (folder / LIST).read_text("utf-8", errors="replace").splitlines()
    except FileNotFoundError:
        return None
    found: dict[str, str] = {}
    for number, line in enumerate(lines, 1):
        match = _LINE.fullmatch(line)
        if not match or ".." in Path(match[2]).parts or Path(match[2]).is_absolute():
            raise ValueError(f"{folder / LIST}, line {number}: is no checksum with the name of a file beside it")
        found[match[2]] = match[1]
    return found


def damaged(folder: Path, told: Mapping[str, str]) -> list[str]:
    """The files of a folder that are not there or have another checksum than told, in order."""
    return sorted(
        name
        for name, checksum in told.items()
        if not ((folder / name).is_file() and has_checksum(folder / name, checksum))
    )
