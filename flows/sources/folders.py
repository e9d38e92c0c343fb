"""A folder of saved pages (HTML) or of text files: one article a file."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from flows.errors import UserError
from flows.settings import FolderSource
from flows.sources import Article, Reject
from flows.sources.encodings import decode
from flows.sources.extraction import extract_page
from flows.sources.records import Unfit, make_article, shown

ENDINGS = {"pages": (".html", ".htm"), "texts": (".txt",)}
LARGEST_FILE = 20_000_000


def read_folder(source: FolderSource) -> Iterator[Article | Reject]:
    """Each page or text below the folder, in the order of their names. Raises UserError if there is no such folder."""
    if not source.path.is_dir():
        raise UserError(f"{source.path}: no such folder; name one that holds the {source.kind}")
    unreadable: list[Reject] = []
    first: dict[str, tuple[str, int]] = {}  # by address, the file that gave it and a hash of its text
    for path in _files(source, unreadable):
        item = _item(source, path)
        try:
            data = _read(source.path, path)
            article = _page(source, data) if source.kind == "pages" else _text(source, data)
            if article.url:
                same, text = first.setdefault(article.url, (item, hash(article.text)))
                if text != hash(article.text):
                    raise Unfit(f"gives itself the address of {shown(same)}, {article.url}, but has another text")
            yield article
        except Unfit as reason:
            yield Reject(str(source.path), item, str(reason))
        except OSError as error:
            yield Reject(str(source.path), item, f"cannot be read: {error.strerror}")
    yield from unreadable


def _files(source: FolderSource, unreadable: list[Reject]) -> list[Path]:
    def note(error: OSError) -> None:
        item = _item(source, Path(error.filename))
        unreadable.append(Reject(str(source.path), item, f"cannot be read: {error.strerror}"))

    found: list[Path] = []
    for folder, _, names in os.walk(source.path, onerror=note, followlinks=False):
        found += [Path(folder, name) for name in names if name.lower().endswith(ENDINGS[source.kind])]
    return sorted(found, key=lambda path: path.relative_to(source.path).parts)


def _item(source: FolderSource, path: Path) -> str:
    # a file's name is bytes: what is not UTF-8 in it cannot be stored as text
    return os.fsencode(path.relative_to(source.path).as_posix()).decode("utf-8", "replace")


def _read(root: Path, path: Path) -> bytes:
    if path.is_symlink() and not path.resolve().is_relative_to(root.resolve()):
        raise Unfit("a link that leads out of the folder")
    if path.exists() and not path.is_file():
        raise Unfit("not a file")
    with path.open("rb") as file:
        data = file.read(LARGEST_FILE + 1)
    if len(data) > LARGEST_FILE:
        raise Unfit(f"larger than {LARGEST_FILE} bytes")
    if not data.strip():
        raise Unfit("empty")
    return data


def _page(source: FolderSource, data: bytes) -> Article:
    page = extract_page(data)
    return make_article(
        source=str(source.path),
        outlet=source.outlet,
        text=page.text,
        title=page.title,
        language=source.language,
        url=page.url,
        published_at=page.published_at,
        authors=page.authors,
    )


def _text(source: FolderSource, data: bytes) -> Article:
    first, _, rest = decode(data).strip().partition("\n")
    title, text = (first, rest) if rest.strip() else ("", first)  # a single line is the text
    return make_article(source=str(source.path), outlet=source.outlet, text=text, title=title, language=source.language)
