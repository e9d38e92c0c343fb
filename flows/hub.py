"""The hub that models are downloaded from: what lies in its local cache, whether it can be reached, what it holds.

The libraries that load models retry an unreachable hub for minutes, file by file; asking it once, first, tells in
seconds. What was downloaded once is used from then on without asking again.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

WAIT = 5.0  # seconds for the first answer


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


def list_files(name: str, revision: str | None = None) -> set[str]:
    """The names of the model's files on the hub. Raises HubUnavailable within seconds."""
    from huggingface_hub import HfApi, constants
    from huggingface_hub.errors import HFValidationError, RepositoryNotFoundError, RevisionNotFoundError

    if constants.HF_HUB_OFFLINE:
        raise HubUnavailable("is not in the local cache and HF_HUB_OFFLINE is set")
    try:
        info = HfApi().model_info(name, revision=revision, timeout=WAIT)
    except HFValidationError as error:
        raise HubUnavailable("is neither a folder nor a name on the hub") from error
    except (RepositoryNotFoundError, RevisionNotFoundError) as error:
        raise HubUnavailable(f"is not on the hub{f' in revision {revision}' if revision else ''}") from error
    except Exception as error:  # any of many, of the connection, a proxy or the hub: the remedy is the same
        raise HubUnavailable("is not in the local cache and the hub cannot be reached") from error
    return {file.rfilename for file in info.siblings or ()}


def download(name: str, files: Sequence[str], revision: str | None = None) -> Path:
    """Download these files into the local cache. Returns their folder, whose last part is the commit.

    Raises HubUnavailable.
    """
    from huggingface_hub import snapshot_download

    from flows.quiet import quiet_models

    try:
        with quiet_models():
            return Path(snapshot_download(name, revision=revision, allow_patterns=list(files)))
    except Exception as error:  # as above, or the disk is full
        reason = " ".join(str(error).split())[:200]
        raise HubUnavailable(f"could not be downloaded: {reason or type(error).__name__}") from error
