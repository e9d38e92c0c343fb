"""The hub that models are downloaded from: what lies in its local cache, whether it can be reached, what it holds.

The libraries that load models retry an unreachable hub for minutes, file by file; asking it once, first, tells in
seconds. What was downloaded once is used from then on without asking again.

The bytes of a file are fetched here, into the library's cache, and all else is left to it: the library begins a broken
transfer anew at the next attempt and compares sizes but no checksums.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

from flows.checksums import has_checksum, is_checksum

WAIT = 5.0  # seconds for the first answer
SILENT_FOR = 60.0  # seconds in which a hub that did not answer is not asked again
PAUSES = (0.0, 0.5, 2.0)  # seconds before another attempt, where the last ones brought nothing
_CHUNK = 1 << 18

Watcher = Callable[[str, int, int], None]
"""Is told the name of a model, how many bytes of it are here, and how many there are to be."""

_watcher: ContextVar[Watcher | None] = ContextVar("_watcher", default=None)
_silent: dict[str, float] = {}
"""When, by `time.monotonic`, a hub did not answer."""


class HubUnavailable(Exception):
    """Why a model cannot be had from the hub: the second half of a sentence that begins with the model's name."""


def cached_folder(name: str, revision: str | None = None, file: str = "config.json") -> Path | None:
    """The folder of the local cache that holds this file of the model, and whatever else was downloaded with it.

    Its last part is the commit. None where the cache has no such model.
    """
    from huggingface_hub import try_to_load_from_cache
    from huggingface_hub.errors import HFValidationError

    try:
        found = try_to_load_from_cache(name, file, revision=revision)
    except HFValidationError:
        return None
    return Path(found).parent if isinstance(found, str) else None


@contextmanager
def watched_by(watcher: Watcher) -> Iterator[None]:
    """Tell the watcher of every download within."""
    token = _watcher.set(watcher)
    try:
        yield
    finally:
        _watcher.reset(token)


def unreachable() -> str | None:
    """The hub's address, where it did not answer within the last minute."""
    from huggingface_hub import constants

    asked = _silent.get(constants.ENDPOINT)
    return constants.ENDPOINT if asked is not None and time.monotonic() - asked < SILENT_FOR else None


def list_files(name: str, revision: str | None = None) -> set[str]:
    """The names of the model's files on the hub. Raises HubUnavailable within seconds."""
    from huggingface_hub import HfApi, constants
    from huggingface_hub.errors import HFValidationError, RepositoryNotFoundError, RevisionNotFoundError

    if constants.HF_HUB_OFFLINE:
        raise HubUnavailable("is not in the local cache and HF_HUB_OFFLINE is set")
    silent = "is not in the local cache and the hub cannot be reached"
    try:
        _utils().validate_repo_id(name)
        if unreachable():
            raise HubUnavailable(silent)
        info = HfApi().model_info(name, revision=revision, timeout=WAIT)
    except HFValidationError as error:
        raise HubUnavailable("is neither a folder nor a name on the hub") from error
    except (RepositoryNotFoundError, RevisionNotFoundError) as error:
        raise HubUnavailable(f"is not on the hub{f' in revision {revision}' if revision else ''}") from error
    except HubUnavailable:
        raise
    except Exception as error:  # any of many, of the connection, a proxy or the hub: the remedy is the same
        _silent[constants.ENDPOINT] = time.monotonic()
        raise HubUnavailable(silent) from error
    return {file.rfilename for file in info.siblings or ()}


def download(name: str, files: Sequence[str], revision: str | None = None) -> Path:
    """Download those of these files that there are into the local cache, each checked before it is put there.

    Returns their folder, whose last part is the commit. A transfer that breaks off goes on where it was, here or at the
    next call. Raises HubUnavailable.
    """
    from huggingface_hub import snapshot_download

    from flows.quiet import quiet_models

    try:
        with quiet_models():
            _fetch(name, files, revision)
            return Path(snapshot_download(name, revision=revision, allow_patterns=list(files)))
    except HubUnavailable:
        raise
    except Exception as error:  # as above, or the disk is full
        reason = " ".join(str(error).split())[:200]
        raise HubUnavailable(f"could not be downloaded: {reason or type(error).__name__}") from error


@dataclass(frozen=True, slots=True)
class _Blob:
    """The content of a file: where the hub has it, and where the cache keeps it, by its checksum."""

    file: str
    address: str
    size: int
    place: Path

    @property
    def partial(self) -> Path:
        """Where its beginning lies until all of it is here."""
        return self.place.with_name(f"{self.place.name}.incomplete")

    def here(self) -> int:
        """How many of its bytes are."""
        return next((path.stat().st_size for path in (self.place, self.partial) if path.exists()), 0)


def _fetch(name: str, files: Sequence[str], revision: str | None) -> None:
    """Put the content of files into the cache. What names itself by no checksum is left to the library."""
    blobs = [blob for file in files if (blob := _look_up(name, file, revision))]
    total, watcher = sum(blob.size for blob in blobs), _watcher.get()

    def tell() -> None:
        if watcher:
            watcher(name, sum(blob.here() for blob in blobs), total)

    if all(blob.place.exists() for blob in blobs):
        return
    tell()
    for blob in blobs:
        blob.place.parent.mkdir(parents=True, exist_ok=True)
        lock = blob.place.parents[2] / ".locks" / blob.place.parents[1].name / f"{blob.place.name}.lock"
        lock.parent.mkdir(parents=True, exist_ok=True)
        with _utils().WeakFileLock(lock):  # the library's own, so that two commands do not write into one file
            if not blob.place.exists():
                _transfer(blob, tell)
                _accept(blob)


def _look_up(name: str, file: str, revision: str | None) -> _Blob | None:
    from huggingface_hub import constants, get_hf_file_metadata, hf_hub_url
    from huggingface_hub.errors import EntryNotFoundError
    from huggingface_hub.file_download import repo_folder_name

    address = hf_hub_url(name, file, revision=revision)
    try:
        told = get_hf_file_metadata(address, timeout=constants.HF_HUB_ETAG_TIMEOUT)
    except EntryNotFoundError:
        return None
    if told.size is None or not told.etag or not is_checksum(told.etag):
        return None
    folder = Path(constants.HF_HUB_CACHE, repo_folder_name(repo_id=name, repo_type="model"))
    return _Blob(file, address, told.size, folder / "blobs" / told.etag)


def _transfer(blob: _Blob, tell: Callable[[], None]) -> None:
    """Fetch what is not here yet, with further attempts where the connection breaks."""
    blob.partial.touch()
    vain = 0
    while (before := blob.here()) < blob.size:
        try:
            _append(blob, tell)
        except OSError:  # the disk's, and the hub's refusals
            raise
        except Exception:  # the connection's; which class depends on the library's release
            vain = vain + 1 if blob.here() <= before else 0
            if vain == len(PAUSES):
                raise
            time.sleep(PAUSES[vain])


def _append(blob: _Blob, tell: Callable[[], None]) -> None:
    from huggingface_hub import constants

    utils = _utils()
    # Compressed bytes could be neither counted nor gone on with.
    headers = {**utils.build_hf_headers(), "Accept-Encoding": "identity", "Range": f"bytes={blob.here()}-"}
    wait, client = constants.HF_HUB_DOWNLOAD_TIMEOUT, utils.get_session()
    with client.stream("GET", blob.address, headers=headers, timeout=wait, follow_redirects=True) as response:
        utils.hf_raise_for_status(response)
        with blob.partial.open("ab") as file:
            if response.status_code != 206:
                file.truncate(0)  # it knows no ranges and sends the whole
            for chunk in response.iter_bytes(_CHUNK):
                file.write(chunk)
                file.flush()
                tell()
                if file.tell() > blob.size:
                    return


def _accept(blob: _Blob) -> None:
    """Put a file into the cache if it is what the hub said it would be."""
    told = blob.place.name
    if not has_checksum(blob.partial, told):
        blob.partial.unlink()
        raise HubUnavailable(
            f"was refused: {blob.file} came with other bytes than the hub says it has (its checksum is {told}); "
            "try again, and if it stays so look for what changes it on its way here"
        )
    blob.partial.replace(blob.place)


def _utils() -> Any:
    return import_module("huggingface_hub.utils")  # whose names have no types
