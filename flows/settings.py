"""What a config file may say, and errors a user can act on when it says something else.

One YAML file describes one run. Relative paths in it are relative to the file itself, so a config and its data can
be moved together.
"""

from __future__ import annotations

import difflib
import os.path
import re
import reprlib
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any, Literal, get_args
from zoneinfo import available_timezones

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, HttpUrl, ValidationError, field_validator
from pydantic_core import ErrorDetails

from flows.errors import UserError
from flows.yaml_file import YamlFile, read_yaml

ARTICLE_FIELDS = ("outlet", "country", "language", "url", "published_at", "title", "text")
LANGUAGES = ("en", "ru", "ar")

Language = Literal["en", "ru", "ar"]
Foreign = Literal["ru", "ar"]
FOREIGN: tuple[Foreign, ...] = get_args(Foreign)
Affiliation = Literal["state", "public", "private", "party", "nonprofit", "unknown"]
Positive = Annotated[int, Field(gt=0)]
A_DAY = 86_400.0  # seconds
MOST_DAYS = 36_500.0
LONGEST_SHOWN = 80  # characters of a value in an error
LAKE, SHARED_LAKE = "ducklake:", "ducklake:postgres:"
_PASSWORD = re.compile(r"password\s*=|://[^/?#@]*:[^/?#@]*@", re.IGNORECASE)
"""Of a catalog in PostgreSQL, as a parameter or in a URL."""


def _as_text(value: object) -> object:
    return str(value) if isinstance(value, Path) else value


class Section(BaseModel):
    """A part of a config. Keys it does not know are errors, never ignored."""

    model_config = ConfigDict(extra="forbid")


class OutletSettings(Section):
    """What is known of an outlet beside its name."""

    country: str | None = Field(None, description="ISO 3166-1 alpha-2 code, such as GB")
    language: str | None = Field(None, description="ISO 639-1 code of the language it publishes in")
    affiliation: Affiliation = Field("unknown", description="who stands behind it")
    group: str | None = Field(None, description="any grouping that matters to the analysis, such as the owner")
    domains: list[str] = Field(default_factory=list, description="where it publishes; subdomains are its own too")
    channels: list[str] = Field(default_factory=list, description="its Telegram channels, by number or name")


class TableSource(Section):
    """Articles in the rows of a JSONL, CSV or Parquet file."""

    kind: Literal["jsonl", "csv", "parquet"]
    path: Path = Field(description="the file")
    columns: dict[str, str] = Field(
        default_factory=dict, description="our name of a field: the file's name of its column; same names need no entry"
    )
    outlet: str | None = Field(None, description="the outlet of every row, where there is no such column")
    language: Language | None = Field(None, description="the language of every row; detected where neither says")

    @field_validator("columns")
    @classmethod
    def known_fields(cls, columns: dict[str, str]) -> dict[str, str]:
        for field in columns:
            if field not in ARTICLE_FIELDS:
                raise ValueError(
                    f"names of fields of an article: {', '.join(ARTICLE_FIELDS)}{nearest(field, ARTICLE_FIELDS)}"
                )
        return columns


class FolderSource(Section):
    """One outlet's articles in a folder, a saved HTML page or a text file each."""

    kind: Literal["pages", "texts"]
    path: Path = Field(description="the folder; its subfolders are read too")
    outlet: str = Field(description="the outlet that published them")
    language: Language | None = Field(None, description="detected where not given")


class FeedSource(Section):
    """An RSS or Atom feed, whose linked pages are fetched and their articles extracted."""

    kind: Literal["feed"]
    url: HttpUrl = Field(description="the address of the feed")
    outlet: str = Field(description="the outlet that publishes it")
    language: Language | None = Field(None, description="detected where not given")


class SitemapSource(Section):
    """A sitemap, also one for news or an index, whose newest pages are fetched and their articles extracted."""

    kind: Literal["sitemap"]
    url: HttpUrl = Field(description="the address of the sitemap")
    outlet: str | None = Field(None, description="the outlet of every page; left out, known by domain")
    language: Language | None = Field(None, description="detected where not given")
    newest: Positive = Field(500, description="how many pages are read at most, those of the latest date first")


class ListSource(Section):
    """A list of addresses, whose pages are fetched: a plain one, an export of GDELT's, or of Media Cloud's."""

    kind: Literal["urls", "gdelt", "mediacloud"]
    path: Path = Field(description="the file; GDELT's may be packed (.zip)")
    language: Language | None = Field(None, description="detected where neither this nor the list says")


class OpmlSource(Section):
    """A list of feeds as feed readers export it, each of which is read."""

    kind: Literal["opml"]
    path: Path = Field(description="the file")
    language: Language | None = Field(None, description="detected where neither this nor the list says")


class WebArchiveSource(Section):
    """Pages in a WARC file, such as one of Common Crawl's news crawl."""

    kind: Literal["warc"]
    path: Path = Field(description="the file, compressed or not")
    language: Language | None = Field(None, description="detected where not given")


class TelegramSource(Section):
    """A Telegram channel, exported as JSON with Telegram Desktop."""

    kind: Literal["telegram"]
    path: Path = Field(description="the file, usually result.json")
    outlet: str | None = Field(None, description="who publishes it; left out, known by the channel")
    language: Language | None = Field(None, description="detected where not given")


SOURCE_KINDS: dict[str, type[BaseModel]] = {
    "jsonl": TableSource,
    "csv": TableSource,
    "parquet": TableSource,
    "pages": FolderSource,
    "texts": FolderSource,
    "feed": FeedSource,
    "sitemap": SitemapSource,
    "opml": OpmlSource,
    "urls": ListSource,
    "gdelt": ListSource,
    "mediacloud": ListSource,
    "warc": WebArchiveSource,
    "telegram": TelegramSource,
}
Local = TableSource | FolderSource | ListSource | OpmlSource | WebArchiveSource | TelegramSource
"""Sources with a path."""
Source = Annotated[Local | FeedSource | SitemapSource, Field(discriminator="kind")]


class FetchSettings(Section):
    """How pages and feeds are fetched."""

    contact: str | None = Field(None, description="an address for the user agent, so that a site can reach you")
    timeout: float = Field(
        20.0, gt=0, le=A_DAY, description="seconds to wait for a host; a whole answer may take three times that"
    )
    max_bytes: Positive = Field(5_000_000, description="the largest answer read, in bytes, decompressed")
    retries: int = Field(3, ge=0, le=10, description="how often an answer of 429 or 5xx, or none, is asked for again")
    delay: float = Field(
        1.0, ge=0, le=A_DAY, description="seconds between two requests to one host; a longer Crawl-delay wins"
    )
    a_day: Positive | None = Field(None, description="most requests to one host a day; the rest waits for another")
    allow_private: bool = Field(False, description="also fetch from private and loopback addresses")


Engine = Literal["memory", "auto", "firefox", "opus-mt-ct2", "opus-mt", "nllb-ct2", "nllb"]
Family = Literal["firefox", "opus-mt", "nllb"]
MODEL_ENGINES: tuple[Engine, ...] = ("firefox", "opus-mt-ct2", "opus-mt", "nllb-ct2", "nllb")
AUTOMATIC = MODEL_ENGINES[:3]
"""What `auto` picks from, the best first; not NLLB, whose licence forbids commercial use: it has to be named."""

MODELS: dict[Family, dict[Foreign, str]] = {
    "firefox": {"ru": "ru-en", "ar": "ar-en"},
    "opus-mt": {"ru": "Helsinki-NLP/opus-mt-ru-en", "ar": "Helsinki-NLP/opus-mt-ar-en"},
    "nllb": {"ru": "facebook/nllb-200-distilled-600M", "ar": "facebook/nllb-200-distilled-600M"},
}


class TranslateSettings(Section):
    """Which engines translate into English, and what of it."""

    engines: list[Engine] = Field(["memory", "auto"], description="tried in this order")
    ru: list[Engine] | None = Field(None, description="the engine or engines for Russian, after the memory")
    ar: list[Engine] | None = Field(None, description="the engine or engines for Arabic, after the memory")
    memory: list[Path] = Field(default_factory=list, description="translations you have: JSONL or TMX files")
    models: dict[Family, dict[Foreign, str]] = Field(
        default_factory=dict,
        validate_default=True,
        description="an engine's model of a language: a folder, or a name on the hub, with @revision to pin it; "
        "one not named keeps its default",
    )
    scope: Literal["all", "claims"] = Field(
        "all", description="translate all statements, or only those of claims, which are then found in the originals"
    )
    batch_size: Positive = Field(64, description="statements of usual length translated at once")

    @field_validator("ru", "ar", mode="before")
    @classmethod
    def one_or_more(cls, engines: object) -> object:
        return [engines] if isinstance(engines, str) else engines

    @field_validator("models")
    @classmethod
    def with_defaults(cls, models: dict[Family, dict[Foreign, str]]) -> dict[Family, dict[Foreign, str]]:
        return {family: defaults | models.get(family, {}) for family, defaults in MODELS.items()}

    def engines_for(self, language: str) -> list[Engine]:
        """The engines for a language in order; translations that the user has come first, where there are any."""
        own = {"ru": self.ru, "ar": self.ar}.get(language)
        named = self.engines if own is None else own if "memory" in own else ["memory", *own]
        return [engine for engine in dict.fromkeys(named) if engine != "memory" or self.memory]

    def models_of(self, engine: str) -> dict[str, str]:
        """The models of an engine by language; on CTranslate2 they are those of transformers."""
        return {str(language): name for language, name in self._family(engine).items()}

    def _family(self, engine: str) -> dict[Foreign, str]:
        return next(models for family, models in self.models.items() if family == engine.removesuffix("-ct2"))


class EncodeSettings(Section):
    """Which encoder makes the vectors that statements are compared by."""

    model: str = Field(
        "embedded", description="`embedded`, or a sentence-transformers model: a name on the hub or a folder"
    )
    batch_size: Positive = Field(256, description="statements encoded at once")


class AlignSettings(Section):
    """How articles become stories, and statements claims."""

    story_days: float = Field(
        4.0, gt=0, le=MOST_DAYS, description="articles further apart than this many days are not compared"
    )
    story_similarity: float = Field(
        0.42,
        gt=0,
        lt=1,
        description="an article joins a story if it is at least this similar to its articles on average",
    )
    min_probability: float = Field(
        0.4, ge=0, le=1, description="least mean probability that the parts of a claim say the same"
    )


class ScheduleSettings(Section):
    """When `rashomon serve` starts runs by itself."""

    cron: str | None = Field(
        None, description="when, in the fields of cron, such as `0 */2 * * *`; left out, runs start only when asked"
    )
    timezone: str = Field("UTC", description="the time zone of these hours, such as Europe/London")
    when_busy: Literal["wait", "skip"] = Field(
        "wait", description="what a run does while another one works on the same warehouse"
    )

    @field_validator("cron")
    @classmethod
    def read_by_prefect(cls, cron: str | None) -> str | None:
        if cron is not None:
            from prefect.client.schemas.schedules import CronSchedule

            try:
                CronSchedule(cron=cron)
            except ValidationError as error:
                raise ValueError("the five fields of cron, such as `0 */2 * * *` for every two hours") from error
        return cron

    @field_validator("timezone")
    @classmethod
    def known_zone(cls, timezone: str) -> str:
        zones = available_timezones()
        if timezone not in zones:
            raise ValueError(f"a time zone, such as Europe/London{nearest(timezone, sorted(zones))}")
        return timezone


class DaskSettings(Section):
    """The Dask cluster of `runner: dask`."""

    scheduler: str | None = Field(
        None,
        description="where its scheduler is, such as tcp://10.0.0.5:8786; left out, a cluster on this machine",
    )
    workers: Positive | None = Field(
        None,
        description="how many it has; on this machine, left out, one a core",
    )


class Settings(Section):
    """One run: where coverage comes from, how it is worked on, where the result lies."""

    name: str = Field("coverage", description="what the run is called in Prefect and in reports")
    warehouse: Annotated[str, BeforeValidator(_as_text)] = Field(
        "rashomon.duckdb",
        description="the DuckDB file; or on DuckLake, `ducklake:FILE`, or `ducklake:postgres:dbname=NAME host=HOST` "
        "for several writers",
    )
    warehouse_files: str | None = Field(
        None, description="where a new warehouse on DuckLake has its Parquet files; it is needed with PostgreSQL"
    )
    keep_text: int | None = Field(
        None,
        ge=0,
        le=36_500,
        description="days after which the texts of articles are dropped, and only their statements are kept; "
        "left out, never",
    )
    sources: list[Source] = Field(min_length=1, description="where articles come from")
    outlets: dict[str, OutletSettings] = Field(
        default_factory=dict, description="added to, or replacing, the shipped outlets"
    )
    names: list[Path] = Field(default_factory=list, description="further names of contested referents (YAML)")
    frames: list[Path] = Field(default_factory=list, description="further generic frames (YAML)")
    fetch: FetchSettings = FetchSettings()
    translate: TranslateSettings = TranslateSettings()
    encode: EncodeSettings = EncodeSettings()
    align: AlignSettings = AlignSettings()
    schedule: ScheduleSettings = ScheduleSettings()
    runner: Literal["threads", "dask"] = Field(
        "threads", description="where statements are encoded and translated: in the run itself, or on a Dask cluster"
    )
    dask: DaskSettings = DaskSettings()
    report: Path | None = Field(None, description="the HTML report written at the end of each run")
    report_url: HttpUrl | None = Field(None, description="where readers find it, for the link in the Prefect UI")
    publish: Path | None = Field(
        None, description="a read-only copy of the warehouse for analysts, replaced at the end of each run"
    )

    def located(self, folder: Path) -> Settings:
        """The same with every path made absolute: relative ones are relative to `folder`, `~` is the user's own."""
        # A default warehouse lies where the command is run; one that the file names, beside the file.
        home = folder if "warehouse" in self.model_fields_set else Path.cwd()
        sources = [
            source.model_copy(update={"path": _place(source.path, folder)}) if isinstance(source, Local) else source
            for source in self.sources
        ]
        translate = {
            "memory": [_place(path, folder) for path in self.translate.memory],
            "models": {
                family: {language: _model_folder(model, folder) for language, model in models.items()}
                for family, models in self.translate.models.items()
            },
        }
        return self.model_copy(
            update={
                "warehouse": warehouse_place(self.warehouse, home),
                "warehouse_files": self.warehouse_files and _files_place(self.warehouse_files, folder),
                "sources": sources,
                "names": [_place(path, folder) for path in self.names],
                "report": self.report and _place(self.report, folder),
                "publish": self.publish and _place(self.publish, folder),
                "frames": [_place(path, folder) for path in self.frames],
                "translate": self.translate.model_copy(update=translate),
                "encode": self.encode.model_copy(update={"model": _model_folder(self.encode.model, folder)}),
            }
        )


def load_settings(path: Path) -> Settings:
    """Read a config file. Raises `UserError` naming the file, the line, the key, what it found and what it expects."""
    file = read_yaml(path)
    if not isinstance(file.data, dict):
        raise UserError(
            f"{path}: holds {_shown(file.data)}, expected keys such as `sources:`; see configs/example.yaml"
        )
    try:
        return Settings.model_validate(file.data).located(path.absolute().parent)
    except ValidationError as error:
        raise UserError("\n".join(_explain(problem, file) for problem in error.errors())) from error


def nearest(word: str, known: Sequence[str]) -> str:
    """A suggestion to end an error with, or nothing."""
    match = difflib.get_close_matches(word, known, n=1)
    return f"; did you mean {match[0]!r}?" if match else ""


def warehouse_place(warehouse: str, folder: Path) -> str:
    """A warehouse's file made absolute, also where it is the catalog of a lake; a catalog on a server is left.

    Raises `UserError` where the address has a password, since addresses are shown, and stored with each run.
    """
    if warehouse.startswith(SHARED_LAKE):
        if _PASSWORD.search(warehouse):
            raise UserError(
                "warehouse: the address has a password, which would be shown and stored with each run; put it into "
                "~/.pgpass or $PGPASSWORD"
            )
        return warehouse
    if warehouse.startswith(LAKE):
        return LAKE + str(_place(warehouse.removeprefix(LAKE), folder))
    return str(_place(warehouse, folder))


def _files_place(files: str, folder: Path) -> str:
    """A folder made absolute; an address such as s3://bucket/ is left."""
    return files if "://" in files else str(_place(files, folder))


def _place(path: Path | str, folder: Path) -> Path:
    # Path.expanduser would raise where there is no such user; so it is a folder's name, as in a shell.
    return folder / os.path.expanduser(path)  # noqa: PTH111


def _model_folder(model: str, folder: Path) -> str:
    """A model's name, or its folder made absolute where there is one."""
    place = _place(model, folder)
    return str(place) if os.path.isdir(place) else model  # noqa: PTH112 - Path.is_dir raises for a name that is too long


def _explain(problem: ErrorDetails, file: YamlFile) -> str:
    parts = problem["loc"]
    is_key = parts[-1:] == ("[key]",)
    # A discriminated union adds its tag to the location; the file has no such key.
    location = [part for place, part in enumerate(parts) if not _is_kind(place, parts) and part != "[key]"]
    where = file.where(location)
    kind = problem["type"]
    if kind == "extra_forbidden":
        known = _known_keys(parts[:-1])
        return f"{where}: unknown key{nearest(str(location[-1]), known)} Known keys: {', '.join(known)}."
    if kind == "union_tag_invalid":
        return f"{where}.kind: found {_shown(problem['ctx']['tag'])}, expected {', '.join(SOURCE_KINDS)}"
    if kind == "union_tag_not_found":
        return f"{where}.kind: is missing; add one of {', '.join(SOURCE_KINDS)}"
    if kind == "missing":
        return f"{where}: is missing; add it"
    if is_key:
        return f"{where}: unknown key, expected {_expected(problem)}"
    if kind in ("string_type", "path_type") and (misread := file.misread(location)):
        return f"{where}: {misread}"
    found = "" if isinstance(problem["input"], dict | list) else f" found {_shown(problem['input'])},"
    return f"{where}:{found} expected {_expected(problem)}"


def _is_kind(place: int, location: Sequence[str | int]) -> bool:
    return place == 2 and location[0] == "sources"


def _expected(problem: ErrorDetails) -> str:
    if problem["type"] in ("model_type", "model_attributes_type"):
        return f"keys such as `{_known_keys(problem['loc'])[0]}:`"
    if problem["type"] == "path_type":
        return "a path"
    message = problem["msg"].removeprefix("Value error, ").removeprefix("Input should be ")
    return message[0].lower() + message[1:]


def _known_keys(location: Sequence[str | int]) -> list[str]:
    """The keys that the section at a location knows."""
    section: type[BaseModel] = Settings
    for place, part in enumerate(location):
        if _is_kind(place, location):
            section = SOURCE_KINDS[str(part)]
        elif part in section.model_fields:
            models = _models(section.model_fields[str(part)].annotation)
            section = models[0] if models else section
    return list(section.model_fields)


def _models(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type):
        return [annotation] if issubclass(annotation, BaseModel) else []
    return [model for argument in get_args(annotation) for model in _models(argument)]


_repr = reprlib.Repr()  # which comes to an end
_repr.maxstring = _repr.maxother = LONGEST_SHOWN
_repr.maxlevel = 2


def _shown(value: Any) -> str:
    text = _repr.repr(value)
    return text if len(text) <= LONGEST_SHOWN else text[: LONGEST_SHOWN - 3] + "..."
