"""The encoder that a config asks for: shipped, in a folder, in the hub's local cache, or fetched from the hub."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from align.encoders import EmbeddedEncoder, Encoder, EncoderUnavailable, SentenceTransformerEncoder
from flows import hub
from flows.errors import UserError
from flows.revisions import files_revision
from flows.translators.models import CARD, ModelFiles, licence_of

EMBEDDED = "embedded"
_TEXTS = frozenset({".json", ".txt", ".model", ".spm"})
_WEIGHTS = frozenset({".safetensors", ".bin"})


def open_encoder(model: str) -> Encoder:
    """`embedded`, a folder, or a name on the hub: the local cache first, then a download.

    Raises UserError, within seconds where there is no network.
    """
    if model == EMBEDDED:
        return EmbeddedEncoder()
    try:
        return _open(model)
    except EncoderUnavailable as error:
        raise UserError(f"encode.model: {error}") from error
    except hub.HubUnavailable as error:
        remedy = "fetch it once with network, name a folder, or use `embedded`"
        raise UserError(f"encode.model: {model} {error}; {remedy}") from error


def find_local(model: str) -> ModelFiles | None:
    """The files of an encoder that is not the embedded one, where they lie on this machine."""
    folder = Path(model)
    if folder.is_dir():
        return ModelFiles(model, folder, _revision(folder), licence_of(folder))
    name = _on_hub(model)
    # A plain transformers model has no modules.json.
    cached = hub.cached_folder(name, file="modules.json") or hub.cached_folder(name)
    return ModelFiles(model, cached, cached.name, licence_of(cached)) if cached else None


def _open(model: str) -> Encoder:
    found = find_local(model)
    if found and found.folder == Path(model):
        return _load(found)
    if found:
        with suppress(EncoderUnavailable):  # a download that broke off
            return _load(found)
    name = _on_hub(model)
    folder = hub.download(name, [*_wanted(hub.list_files(name)), CARD])
    return _load(ModelFiles(model, folder, folder.name, licence_of(folder)))


def _on_hub(model: str) -> str:
    # sentence-transformers takes its own models by the last part of their name alone.
    return model if "/" in model else f"sentence-transformers/{model}"


def _load(files: ModelFiles) -> Encoder:
    from flows.quiet import quiet_models

    with quiet_models():
        return SentenceTransformerEncoder(str(files.folder), files.name, files.revision)


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
