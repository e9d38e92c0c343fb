"""Where the models of Firefox Translations lie: in folders, and in a cache that is filled from Mozilla's server.

fxtranslate can download models by itself, but not in a version of one's choice, and it may wait minutes for a server
that does not answer. So it is asked here only which versions it runs and whether a file is the one that was published.
"""

from __future__ import annotations

import json
import re
import tempfile
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flows.hub import WAIT
from flows.revisions import files_revision
from flows.translators.models import CARD, ModelFiles, Unusable, licence_of, split_name

if TYPE_CHECKING:
    import httpx

    from flows.firefox_worker import Files

LICENCE = "mpl-2.0"
"""Of all models that Mozilla publishes for Firefox."""

_SILENCE = 10.0  # seconds without a byte
_TRIES = 3
_LARGEST = 2**29  # bytes of an answer; the largest models have some 60 million
_PAIR = re.compile(r"([A-Za-z]{2,3}(?:[-_][A-Za-z]+)*)-en")
_KINDS = ("model", "lex", "vocab", "srcvocab", "trgvocab")
_FILE_NAME = re.compile(rf"(?:{'|'.join(_KINDS)})\.[\w.-]+", re.ASCII)
_VERSION = re.compile(r"\d[\w.-]*", re.ASCII)


def files_in(folder: Path) -> Files:
    """The files of the model in a folder. Raises Unusable naming what it lacks."""

    def first(pattern: str) -> Path | None:
        return min(folder.glob(pattern), default=None)

    weights, shared = first("model*.bin"), first("vocab*.spm")
    source, target = shared or first("srcvocab*.spm"), shared or first("trgvocab*.spm")
    if weights and source and target:
        return weights, source, target, first("lex*.bin")
    lacking = [] if weights else ["model.*.bin"]
    if not source and not target:
        lacking.append("vocab.*.spm")
    elif not source or not target:
        lacking.append("trgvocab.*.spm" if source else "srcvocab.*.spm")
    raise Unusable(f"lacks {', '.join(lacking)}; save it there as Firefox has it, unpacked")


def find_cached(name: str) -> ModelFiles | None:
    """The model of that name, where it lies on this machine. Raises Unusable where a user's folder lacks a file."""
    bare, version = split_name(name)
    if Path(bare).is_dir():
        return ModelFiles(bare, Path(bare), _hash(files_in(Path(bare))), licence_of(Path(bare)))
    if not _PAIR.fullmatch(bare):
        return None
    there = sorted((path.name.partition("@")[2] for path in _cache().glob(f"{bare}@*")), key=_age)
    if version is None and there:
        version = there[-1]
    if version in there:
        return ModelFiles(bare, _cached(bare, version), version, LICENCE)
    by_itself = _cache() / bare  # what fxtranslate has downloaded
    if version is None and by_itself.is_dir():
        return ModelFiles(bare, by_itself, _hash(files_in(by_itself)), LICENCE)
    return None


def fetch(name: str) -> ModelFiles:
    """Download a model into the cache: the newest that fxtranslate runs, or the version that the name is pinned to.

    Raises Unusable with what is wrong, within seconds where no server answers.
    """
    import httpx

    bare, version = split_name(name)
    pair = _PAIR.fullmatch(bare)
    if not pair:
        raise Unusable("is neither a folder nor a pair of languages such as ru-en")
    try:
        with httpx.Client(timeout=httpx.Timeout(_SILENCE, connect=WAIT), follow_redirects=True) as client:
            server = _Server(client)
            release = _choose(server.releases(), pair[1], version)
            files = {file.name: server.unpacked(file) for file in release.files}
        _save(files, bare, release.version)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        remedy = "fetch it once with network (`rashomon models pull`), or name a folder in translate.models"
        raise Unusable(f"is not in the local cache and could not be fetched: {_told(error)}; {remedy}") from error
    except OSError as error:
        raise Unusable(f"could not be saved in {_cache()}: {error.strerror}") from error
    return ModelFiles(bare, _cached(bare, release.version), release.version, LICENCE)


@dataclass(frozen=True, slots=True)
class _File:
    """location: its path below the address of attachments; sha256: of what is packed there."""

    name: str
    location: str
    sha256: str


@dataclass(frozen=True, slots=True)
class _Release:
    """A version of a model into English; everywhere: not only for some channel or system of Firefox."""

    source: str
    version: str
    architecture: str
    everywhere: bool
    files: Sequence[_File]


class _Server:
    """Mozilla's Remote Settings, or the server that FXTRANSLATE_RECORDS_URL names."""

    def __init__(self, client: httpx.Client) -> None:
        from fxtranslate import discovery

        self._client, self._records = client, discovery.records_url()

    def releases(self) -> list[_Release]:
        """The models into English that fxtranslate runs. Raises Unusable where the server says something else."""
        found: dict[tuple[str, ...], list[Mapping[str, Any]]] = defaultdict(list)
        try:
            for record in json.loads(self._read(self._records))["data"]:
                if _is_usable(record):
                    keys = ("sourceLanguage", "version", "architecture", "filter_expression")
                    found[tuple(str(record.get(key) or "") for key in keys)].append(record)
            return [
                _Release(source, version, architecture, not narrowed, [_file(record) for record in records])
                for (source, version, architecture, narrowed), records in found.items()
                if _is_whole(records) and _runs(records)
            ]
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise self._strange(self._records) from error

    def unpacked(self, file: _File) -> bytes:
        """Raises Unusable where it is not what was published."""
        from fxtranslate import discovery

        try:
            return discovery.verify_and_decompress(self._read(self._attachments + file.location), file.sha256)
        except ValueError as error:
            raise Unusable(f"was refused: {file.name} is not the file that was published ({error})") from error

    @cached_property
    def _attachments(self) -> str:
        """The address that the locations of attachments are below: the root of the server tells it."""
        root = self._records.partition("/buckets/")[0] + "/"
        try:
            return str(json.loads(self._read(root))["capabilities"]["attachments"]["base_url"]).rstrip("/") + "/"
        except (ValueError, KeyError, TypeError) as error:
            raise self._strange(root) from error

    def _strange(self, address: str) -> Unusable:
        return Unusable(f"could not be fetched: what {address} answers is not what Remote Settings does")

    def _read(self, address: str) -> bytes:
        """What lies at an address; a transfer that broke is gone on with where it ended. Raises httpx.HTTPError."""
        import httpx

        read = bytearray()
        for tries_left in reversed(range(_TRIES)):
            headers = {"Accept-Encoding": "identity"} | ({"Range": f"bytes={len(read)}-"} if read else {})
            try:
                with self._client.stream("GET", address, headers=headers) as response:
                    response.raise_for_status()
                    if response.status_code != httpx.codes.PARTIAL_CONTENT:
                        read.clear()
                    for chunk in response.iter_raw():
                        read += chunk
                        if len(read) > _LARGEST:
                            raise Unusable(f"was refused: {address} is larger than {_LARGEST} bytes")
                return bytes(read)
            except httpx.TransportError:
                if not read or not tries_left:
                    raise
        raise AssertionError("the last try returns or raises")


def _is_usable(record: Mapping[str, Any]) -> bool:
    """Whether it is of a file of a model into English, has a checksum, and its name does not lead out of the folder."""
    return (
        record.get("targetLanguage") == "en"
        and record.get("fileType") in _KINDS
        and bool(_FILE_NAME.fullmatch(str(record.get("name"))))
        and bool(record.get("decompressedHash"))
    )


def _file(record: Mapping[str, Any]) -> _File:
    return _File(record["name"], str(record["attachment"]["location"]).lstrip("/"), str(record["decompressedHash"]))


def _is_whole(records: Sequence[Mapping[str, Any]]) -> bool:
    kinds = {record.get("fileType") for record in records}
    return "model" in kinds and ("vocab" in kinds or {"srcvocab", "trgvocab"} <= kinds)


def _runs(records: Sequence[Mapping[str, Any]]) -> bool:
    """Whether fxtranslate runs models of this version."""
    from fxtranslate import discovery

    is_version = bool(_VERSION.fullmatch(str(records[0].get("version"))))
    return is_version and bool(discovery.model_pairs(json.dumps({"data": records})))


def _choose(releases: Sequence[_Release], source: str, version: str | None) -> _Release:
    """The best for a language: for all of Firefox rather than a part, then the newest, then not the smallest."""
    of_source = [release for release in releases if release.source == source]
    if not of_source:
        sources = ", ".join(sorted({release.source for release in releases})) or "none"
        raise Unusable(f"is no pair that Firefox has a model for; into English it has them for {sources}")
    wanted = [release for release in of_source if version in (None, release.version)]
    if not wanted:
        versions = ", ".join(sorted({release.version for release in of_source}, key=_age))
        raise Unusable(f"has no version {version}; there are {versions}")
    return max(wanted, key=lambda each: (each.everywhere, _age(each.version), each.architecture != "tiny"))


def _save(files: Mapping[str, bytes], pair: str, version: str) -> None:
    """Put a model into the cache, whole or not at all. Raises OSError."""
    root, folder = _cache(), _cached(pair, version)
    root.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=root, prefix=".") as scratch:
        made = Path(scratch) / folder.name
        made.mkdir()
        for name, content in files.items():
            (made / name).write_bytes(content)
        card = f"---\nlicense: {LICENCE}\n---\n\nFirefox Translations {pair} {version}, by Mozilla.\n"
        (made / CARD).write_text(card, "utf-8")
        try:
            made.rename(folder)
        except OSError:
            if not folder.is_dir():  # which another process has made meanwhile
                raise


def _told(error: Exception) -> str:
    """One line."""
    import httpx

    if isinstance(error, httpx.HTTPStatusError):
        return f"{error.request.url} answered {error.response.status_code}"
    if isinstance(error, httpx.RequestError):
        what = "gave no answer" if isinstance(error, httpx.TimeoutException) else "cannot be reached"
        return f"{error.request.url.host} {what}"
    return " ".join(str(error).split())


def _age(version: str) -> tuple[list[int], bool, str]:
    """Sorts versions; 3.0a1 before 3.0, and that before 3.1."""
    numbers = re.match(r"[\d.]*", version)
    head = numbers[0] if numbers else ""
    return [int(number) for number in head.split(".") if number], head == version, version


def _hash(files: Files) -> str:
    return files_revision(dict.fromkeys(path for path in files if path))


def _cache() -> Path:
    """fxtranslate's, so that its own commands see and remove what lies there."""
    from fxtranslate import Cache

    return Path(Cache().root)


def _cached(pair: str, version: str) -> Path:
    return _cache() / f"{pair}@{version}"
