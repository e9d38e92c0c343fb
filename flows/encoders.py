"""The encoder that a config asks for: shipped, in a folder, in the hub's local cache, or fetched from the hub."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from align.encoders import EmbeddedEncoder, Encoder, EncoderUnavailable, SentenceTransformerEncoder
from flows import hub
from flows.errors import UserError
from flows.revisions import files_revision

EMBEDDED = "embedded"
_TEXTS = frozenset({".json", ".txt", ".model", ".spm"})
_WEIGHTS = frozenset({".safetensors", ".bin"})


def open_encoder(model: str) -> Encoder:
    """`embedded`, a folder, or a name on the hub: the local cache first, then a download.

    Raises UserError, within seconds where there is no network.
    """
    if model == EMBEDDED:
        return EmbeddedEncoder()
    folder = Path(model)
    try:
        return _load(folder, model, _revision(folder)) if folder.is_dir() else _open_from_hub(model)
    except EncoderUnavailable as error:
        raise UserError(f"encode.model: {error}") from error
    except hub.HubUnavailable as error:
        remedy = "fetch it once with network, name a folder, or use `embedded`"
        raise UserError(f"encode.model: {model} {error}; {remedy}") from error


def _open_from_hub(model: str) -> Encoder:
    # sentence-transformers takes its own models by the last part of their name alone.
    name = model if "/" in model else f"sentence-transformers/{model}"
    # A plain transformers model has no modules.json.
    if cached := hub.cached_folder(name, file="modules.json") or hub.cached_folder(name):
        with suppress(EncoderUnavailable):  # a download that broke off
            return _load(cached, model, cached.name)
    folder = hub.download(name, _wanted(hub.list_files(name)))
    return _load(folder, model, folder.name)


def _load(folder: Path, model: str, revision: str) -> Encoder:
    from flows.quiet import quiet_models

    with quiet_models():
        return SentenceTransformerEncoder(str(folder), model, revision)


def _revision(folder: Path) -> str:
    return files_revision(
        sorted(path for path in folder.rglob("*") if path.suffix in _TEXTS | _WEIGHTS and path.is_file())
    )


def _wanted(files: set[str]) -> list[str]:
    """What torch needs of the files of a model: text, and weights in one format."""
    weights = {file for file in files if Path(file).suffix in _WEIGHTS}
    safe = {Path(file).parent for file in weights if file.endswith(".safetensors")}
    weights = {file for file in weights if file.endswith(".safetensors") or Path(file).parent not in safe}
    texts = {file for file in files if Path(file).suffix in _TEXTS}
    return sorted(file for file in texts | weights if Path(file).parts[0] not in ("onnx", "openvino"))
