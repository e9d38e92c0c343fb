"""The encoder that a config asks for, fetched from the hub where it has to be."""

from __future__ import annotations

from pathlib import Path

from align.encoders import EMBEDDED, Encoder, EncoderUnavailable, hub_name, load_encoder
from flows import hub
from flows.errors import UserError


def open_encoder(model: str) -> Encoder:
    """`embedded`, a folder, or a name on the hub: the local cache first, then a download.

    Raises UserError, within seconds where there is no network.
    """
    try:
        return load_encoder(model)
    except EncoderUnavailable as error:
        if model == EMBEDDED or Path(model).expanduser().is_dir():
            raise UserError(f"encode.model: {error}") from error
    name = hub_name(model)
    try:
        hub.download(name, _wanted(hub.list_files(name)))
        return load_encoder(model)
    except hub.HubUnavailable as error:
        remedy = "fetch it once with network, name a folder, or use `embedded`"
        raise UserError(f"encode.model: {model} {error}; {remedy}") from error
    except EncoderUnavailable as error:
        raise UserError(f"encode.model: {error}") from error


def _wanted(files: set[str]) -> list[str]:
    """What torch needs of the files of a model: text, and weights in one format."""
    weights = {file for file in files if file.endswith((".safetensors", ".bin"))}
    safe = {Path(file).parent for file in weights if file.endswith(".safetensors")}
    weights = {file for file in weights if file.endswith(".safetensors") or Path(file).parent not in safe}
    texts = {file for file in files if file.endswith((".json", ".txt", ".model", ".spm"))}
    return sorted(file for file in texts | weights if Path(file).parts[0] not in ("onnx", "openvino"))
