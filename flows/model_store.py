"""`rashomon models`: which models a config would use and where they lie; fetched ahead, carried over, verified."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml
from rich.filesize import decimal

from flows import encoders, hub
from flows.checksums import LIST, damaged, has_checksum, is_checksum, read_list, write_list
from flows.errors import UserError
from flows.settings import (
    AUTOMATIC,
    FOREIGN,
    MODEL_ENGINES,
    EncodeSettings,
    TranslateSettings,
    load_settings,
    nearest,
)
from flows.translators import EngineUnavailable, kind_of, load_neural
from flows.translators.auto import choose
from flows.translators.models import Incomplete, ModelFiles, Unusable
from storage import Result

ENCODER = "encoder"
SNIPPET = "models.yaml"
_HEAD = """\
# Models to be used without network. Put this folder beside your config and the lines below into it: paths are relative
# to the config. `rashomon models check --config` then says whether all has come over whole.
"""


@dataclass(frozen=True, slots=True)
class Model:
    """A model that an engine, or the encoder, would use."""

    engine: str
    language: str
    """Empty where it is for all."""
    name: str
    find_local: Callable[[], ModelFiles | None]
    """Its files, where all of them lie here. Raises Unusable."""

    @property
    def use(self) -> str:
        return f"{self.engine} {self.language}".strip()

    @property
    def is_own(self) -> bool:
        """Whether it is a folder of the user's, which is never changed."""
        return Path(self.name).is_dir()


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found of a model; mark: `ok`, `--` where it does not lie here, `!!` where it is damaged."""

    mark: str
    model: Model
    said: str

    @property
    def is_damaged(self) -> bool:
        return self.mark == "!!"

    def __str__(self) -> str:
        return f"{self.mark}  {self.model.use:<14} {self.model.name}: {self.said}"


def list_models(config: Path | None) -> Result:
    """engine, language, model, revision, licence, size, state and place, a row a model."""
    columns = ["engine", "language", "model", "revision", "licence", "size", "state", "place"]
    return Result(columns, [_row(model) for model in _used(config)])


def choices_of_auto(config: Path | None) -> Iterator[str]:
    """What `auto` would pick here, a line a language that is left to it."""
    translate, _ = _settings(config)
    for language in FOREIGN:
        if "auto" in translate.engines_for(language):
            states = [(engine, *_state(_translator(engine, language, translate))) for engine in AUTOMATIC]
            here = [f"{engine}, whose model lies here" for engine, _, files in states if files]
            away = [f"{engine}, whose model it would fetch" for engine, state, _ in states if state == _AWAY]
            yield f"auto {language}: {[*here, *away, 'none of its engines can be used'][0]}"


def check_models(config: Path | None) -> Iterator[Finding]:
    """Compare what lies here of the models with its checksums."""
    return (_check(model) for model in _used(config) if model.name != encoders.EMBEDDED)


def pull(config: Path | None, engines: Sequence[str], language: str | None, to: Path | None) -> Iterator[str]:
    """Fetch models, anew where they are damaged, and where `to` names a folder lay them there too; a line a model.

    engines: those of the config where none is named. Raises UserError with what could not be had, after all others.
    """
    translate, encode = _settings(config)
    failures: list[str] = []
    carried: list[tuple[Model, str]] = []
    for engine, wanted in _wanted(translate, encode, engines, language):
        try:
            model, files = (
                _obtain_encoder(encode) if engine == ENCODER else _obtain(engine, wanted, translate, carry=bool(to))
            )
            if to:
                carried.append((model, _carry(files, to)))
        except (EngineUnavailable, UserError) as error:
            if address := hub.unreachable():
                remedy = "see to the network, HTTPS_PROXY or HF_ENDPOINT and pull again"
                raise UserError(f"the hub at {address} cannot be reached; {remedy}") from error
            failures.append(str(error))
        else:
            licence = f"licence {files.licence}" if files.licence else "licence unknown"
            yield f"ok  {model.use:<14} {files.name} {files.revision[:12]}, {_size(files)}, {licence}"
    if to and carried:
        yield f"{_write_snippet(carried, to)} says what a config needs to use them"
    if failures:
        raise UserError("\n".join(failures))


def _settings(config: Path | None) -> tuple[TranslateSettings, EncodeSettings]:
    if config is None:
        return TranslateSettings(), EncodeSettings()
    settings = load_settings(config)
    return settings.translate, settings.encode


def _used(config: Path | None) -> Iterator[Model]:
    """The models of the engines that a config names, `auto` being all it picks from; without a config all engines'."""
    translate, encode = _settings(config)
    for engine in MODEL_ENGINES:
        for language in FOREIGN:
            named = translate.engines_for(language)
            if config is None or engine in named or ("auto" in named and engine in AUTOMATIC):
                yield _translator(engine, language, translate)
    yield _encoder(encode)


def _wanted(
    translate: TranslateSettings, encode: EncodeSettings, engines: Sequence[str], language: str | None
) -> Iterator[tuple[str, str]]:
    """Pairs of an engine and a language. Raises UserError for a name that is none."""
    for given, known in [*((engine, (*MODEL_ENGINES, ENCODER)) for engine in engines), (language, (None, *FOREIGN))]:
        if given not in known:
            names = [name for name in known if name]
            raise UserError(f"{given}: expected {', '.join(names)}{nearest(str(given), names)}")
    for each in [language] if language else FOREIGN:
        for engine in engines or translate.engines_for(each):
            if engine not in ("memory", ENCODER):
                yield engine, each
    if encode.model != encoders.EMBEDDED and (ENCODER in engines or not (engines or language)):
        yield ENCODER, ""


def _translator(engine: str, language: str, translate: TranslateSettings) -> Model:
    name = translate.models_of(engine)[language]
    return Model(engine, language, name, lambda: kind_of(engine).find_local(name, language))


def _encoder(encode: EncodeSettings) -> Model:
    return Model(ENCODER, "", encode.model, lambda: encoders.find_local(encode.model))


_AWAY = "not here; fetched at first use or by `rashomon models pull`"


def _state(model: Model) -> tuple[str, ModelFiles | None]:
    if model.name == encoders.EMBEDDED:
        return "usable, a part of this installation", None
    try:
        files = model.find_local()
    except Unusable as error:
        return str(error), None
    return ("usable", files) if files else (_AWAY, None)


def _row(model: Model) -> tuple[str | None, ...]:
    state, files = _state(model)
    if not files:
        return model.engine, model.language, model.name, None, None, None, state, None
    found = (files.name, files.revision[:12], files.licence, _size(files))
    return model.engine, model.language, *found, state, str(files.folder)


def _size(files: ModelFiles) -> str:
    return decimal(sum((files.folder / name).stat().st_size for name in _names(files.folder)))


def _names(folder: Path) -> list[Path]:
    """The files of a folder, relative to it."""
    return sorted(path.relative_to(folder) for path in folder.rglob("*") if path.is_file() and path.name != LIST)


def _check(model: Model) -> Finding:
    try:
        files = model.find_local()
    except Unusable as error:
        return Finding("!!" if isinstance(error, Incomplete) else "--", model, str(error))
    if files is None:
        return Finding("--", model, _AWAY)
    try:
        told = _checksums(files.folder)
    except UserError as error:
        return Finding("!!", model, str(error))
    if spoilt := damaged(files.folder, told):
        return Finding("!!", model, f"{', '.join(spoilt)} of {files.folder} damaged; {_remedy(model)}")
    if not told:
        return Finding("ok", model, f"all files are there; they have no checksums to compare with in {files.folder}")
    return Finding("ok", model, f"{len(told)} files, {_size(files)}, as their checksums say")


def _remedy(model: Model) -> str:
    return "copy it there anew" if model.is_own else f"`rashomon models pull {model.engine}` fetches it anew"


def _checksums(folder: Path) -> dict[str, str]:
    """By file: what the folder's list names or, in the hub's cache, the name of the content that each file leads to."""
    try:
        listed = read_list(folder)
    except ValueError as error:
        raise UserError(str(error)) from error
    if listed is not None:
        return listed
    links = {path: path.readlink() for path in folder.rglob("*") if path.is_symlink()}
    return {
        path.relative_to(folder).as_posix(): target.name
        for path, target in links.items()
        if target.parent.name == "blobs" and is_checksum(target.name)
    }


def _obtain_encoder(encode: EncodeSettings) -> tuple[Model, ModelFiles]:
    model = _encoder(encode)
    _mend(model)
    encoders.open_encoder(encode.model)
    files = model.find_local()
    assert files  # since it was opened
    return model, files


def _obtain(engine: str, language: str, translate: TranslateSettings, *, carry: bool) -> tuple[Model, ModelFiles]:
    """Fetch and load, so that it is known to work, the model of an engine or the one that `auto` picks.

    carry: only fetch it, in the form in which it is published and may be used anywhere.
    """
    candidates = AUTOMATIC if engine == "auto" else (engine,)
    for name in dict.fromkeys(name for each in candidates for name in (each.removesuffix("-ct2"), each)):
        _mend(_translator(name, language, translate))
    if engine == "auto" or not carry:
        translator = choose([load_neural(each, translate) for each in candidates], language)
        engine, files = translator.engine, translator.prepare(language)
    if carry:
        engine = engine.removesuffix("-ct2")
        name = translate.models_of(engine)[language]
        try:
            files = kind_of(engine).find(name, language)
        except Unusable as error:
            raise EngineUnavailable(f"{engine} {language}: model {name} {error}") from error
    model = _translator(engine, language, translate)
    if not model.is_own and not _checksums(files.folder):  # what the engine made, or fetched by itself
        write_list(files.folder, _names(files.folder))
    return model, files


def _mend(model: Model) -> None:
    """Delete what is damaged of a model, so that it is fetched anew. Raises UserError where it is the user's own."""
    try:
        files = model.find_local()
    except Unusable:
        return
    told = _checksums(files.folder) if files else {}
    if not files or not (spoilt := damaged(files.folder, told)):
        return
    if model.is_own:
        raise UserError(f"{model.use}: {', '.join(spoilt)} of {model.name} damaged; {_remedy(model)}")
    for name in spoilt:
        (files.folder / name).resolve().unlink(missing_ok=True)
    # The content of the others stays. Without its links the model counts as not fetched, whichever file was damaged.
    for name in [*told, LIST]:
        if (files.folder / name).is_symlink() or name == LIST:
            (files.folder / name).unlink(missing_ok=True)


def _carry(files: ModelFiles, to: Path) -> str:
    """Lay a model in a folder below `to`, with its checksums. Returns the folder's name."""
    name = files.folder.name if files.folder == Path(files.name) else files.name.replace("/", "--")
    told, target = _checksums(files.folder), to / name
    try:
        for file in _names(files.folder):
            checksum = told.get(file.as_posix())
            if not (checksum and (target / file).is_file() and has_checksum(target / file, checksum)):
                (target / file).parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(files.folder / file, target / file)
        write_list(target, _names(target))
        spoilt = damaged(target, told)
    except OSError as error:
        raise UserError(f"{target}: cannot be written: {error.strerror}") from error
    if spoilt:
        raise UserError(f"{target}: {', '.join(spoilt)} did not arrive whole; try again, or another disk")
    return name


def _write_snippet(carried: Sequence[tuple[Model, str]], to: Path) -> Path:
    """Write which keys of a config name the folders, beside what an earlier pull wrote there."""
    path = to / SNIPPET
    found = yaml.safe_load(path.read_text("utf-8")) if path.exists() else None
    keys = found if isinstance(found, dict) else {}
    for model, name in carried:
        place = f"{to.absolute().name}/{name}"
        if model.engine == ENCODER:
            keys["encode"] = {"model": place}
        else:
            models = keys.setdefault("translate", {}).setdefault("models", {})
            models.setdefault(model.engine.removesuffix("-ct2"), {})[model.language] = place
    path.write_text(_HEAD + yaml.safe_dump(keys, allow_unicode=True, sort_keys=False), "utf-8")
    return path
