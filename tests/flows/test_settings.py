"""Configs: what is right is read, and what is wrong is named with its file, line, key and remedy."""

from __future__ import annotations

from importlib import resources
from pathlib import Path

import pytest

from flows.doctor import examine
from flows.errors import UserError
from flows.settings import AlignSettings, Settings, load_settings

MINIMAL = "sources:\n  - {kind: jsonl, path: articles.jsonl}\n"
UNFOLDING = "".join(f"- &a{level} [{f'*a{level - 1}, ' * 9}]\n" for level in range(1, 9))


def load(tmp_path: Path, text: str) -> Settings:
    path = tmp_path / "run.yaml"
    path.write_text(text, encoding="utf-8")
    return load_settings(path)


def error(tmp_path: Path, text: str) -> str:
    with pytest.raises(UserError) as caught:
        load(tmp_path, text)
    return str(caught.value).replace(str(tmp_path), "")


def test_paths_are_relative_to_the_file(tmp_path: Path) -> None:
    (tmp_path / "opus").mkdir()
    settings = load(
        tmp_path,
        MINIMAL
        + "warehouse: w.duckdb\nnames: [n.yaml]\nframes: [f.yaml]\n"
        + "translate: {memory: [m.tmx], models: {opus-mt: {ru: opus, ar: some/name}}}\n",
    )
    assert settings.sources[0].path == tmp_path / "articles.jsonl"  # type: ignore[union-attr]
    assert settings.warehouse == str(tmp_path / "w.duckdb")
    assert (settings.names, settings.frames) == ([tmp_path / "n.yaml"], [tmp_path / "f.yaml"])
    assert settings.translate.memory == [tmp_path / "m.tmx"]
    assert settings.translate.models_of("opus-mt") == {"ru": str(tmp_path / "opus"), "ar": "some/name"}


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("ducklake:l.ducklake", "ducklake:{}/l.ducklake"),
        ("ducklake:/srv/l.ducklake", "ducklake:/srv/l.ducklake"),
        ("ducklake:postgres:dbname=d host=db", "ducklake:postgres:dbname=d host=db"),
        ("ducklake:postgres:postgresql://desk@db/d", "ducklake:postgres:postgresql://desk@db/d"),
    ],
)
def test_a_lake_with_its_catalog_in_a_file_is_relative_to_the_config_one_on_a_server_is_left(
    tmp_path: Path, given: str, expected: str
) -> None:
    settings = load(tmp_path, f"{MINIMAL}warehouse: '{given}'\nwarehouse_files: files\n")
    assert settings.warehouse == expected.format(tmp_path)
    assert settings.warehouse_files == str(tmp_path / "files")
    assert load(tmp_path, f"{MINIMAL}warehouse_files: s3://b/f\n").warehouse_files == "s3://b/f"


@pytest.mark.parametrize(
    "address",
    [
        "dbname=d host=db password=hunter2",
        "dbname=d sslpassword = hunter2 host=db",
        "postgresql://desk:hunter2@db/d",
        "postgresql://desk@db/d?password=hunter2",
    ],
)
def test_an_address_with_a_password_is_refused_and_not_repeated(tmp_path: Path, address: str) -> None:
    told = error(tmp_path, f"{MINIMAL}warehouse: 'ducklake:postgres:{address}'\n")
    assert "~/.pgpass" in told and "hunter2" not in told
    with pytest.raises(UserError, match="pgpass"):
        next(examine(f"ducklake:postgres:{address}"))


def test_the_home_folder_may_be_named_by_a_tilde(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = tmp_path / "home"
    (home / "models").mkdir(parents=True)
    monkeypatch.setenv("HOME", str(home))
    settings = load(
        tmp_path,
        "sources:\n  - {kind: csv, path: ~/a.csv}\n  - {kind: pages, path: ~nobody-of-that-name/b, outlet: B}\n"
        "warehouse: ~/w.duckdb\nnames: [~/n.yaml]\nencode: {model: ~/models}\n"
        "translate: {memory: [~/m.tmx], models: {nllb: {ru: ~/models}}}\n",
    )
    assert [source.path for source in settings.sources] == [  # type: ignore[union-attr]
        home / "a.csv",
        tmp_path / "~nobody-of-that-name" / "b",
    ]
    assert (settings.warehouse, settings.names) == (str(home / "w.duckdb"), [home / "n.yaml"])
    assert (settings.encode.model, settings.translate.memory) == (str(home / "models"), [home / "m.tmx"])
    assert settings.translate.models_of("nllb")["ru"] == str(home / "models")


def test_a_model_of_one_language_and_engine_leaves_those_of_the_others(tmp_path: Path) -> None:
    translate = load(tmp_path, MINIMAL + "translate: {models: {opus-mt: {ru: some/name@c0ffee}}}\n").translate
    assert translate.models_of("opus-mt") == {"ru": "some/name@c0ffee", "ar": "Helsinki-NLP/opus-mt-ar-en"}
    assert translate.models_of("opus-mt-ct2") == translate.models_of("opus-mt")
    assert translate.models_of("firefox") == {"ru": "ru-en", "ar": "ar-en"}


@pytest.mark.parametrize(
    ("text", "russian", "arabic"),
    [
        ("{}", ["auto"], ["auto"]),
        ("{memory: [m.tmx]}", ["memory", "auto"], ["memory", "auto"]),
        ("{ru: firefox, ar: opus-mt}", ["firefox"], ["opus-mt"]),
        ("{ru: [firefox, nllb], engines: [nllb-ct2]}", ["firefox", "nllb"], ["nllb-ct2"]),
        ("{ru: firefox, memory: [m.tmx]}", ["memory", "firefox"], ["memory", "auto"]),
        ("{ru: [firefox, memory], memory: [m.tmx]}", ["firefox", "memory"], ["memory", "auto"]),
        ("{ru: [], engines: []}", [], []),
    ],
)
def test_each_language_may_have_engines_of_its_own_and_the_memory_comes_first_unless_it_is_named(
    tmp_path: Path, text: str, russian: list[str], arabic: list[str]
) -> None:
    translate = load(tmp_path, MINIMAL + f"translate: {text}\n").translate
    assert (translate.engines_for("ru"), translate.engines_for("ar")) == (russian, arabic)


def test_text_in_quotes_and_shared_parts_are_read_as_yaml_has_them(tmp_path: Path) -> None:
    settings = load(
        tmp_path,
        MINIMAL + 'outlets:\n  "No": &norwegian {country: "NO"}\n  B: *norwegian\n'
        "  C: {<<: *norwegian, affiliation: state}\n",
    )
    assert [outlet.country for outlet in settings.outlets.values()] == ["NO", "NO", "NO"]


def test_a_warehouse_that_is_not_named_lies_where_the_command_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    assert load(tmp_path, MINIMAL).warehouse == str(tmp_path / "here" / "rashomon.duckdb")


@pytest.mark.parametrize("name", ["sample.yaml", "example.yaml"])
def test_shipped_configs_are_right(name: str) -> None:
    with resources.as_file(resources.files("configs") / name) as path:
        load_settings(path)


def test_the_example_shows_every_key_with_its_default() -> None:
    """Defaults stand in two places, the code and the example; this keeps them the same."""
    with resources.as_file(resources.files("configs") / "example.yaml") as path:
        shown = load_settings(path)
    defaults = Settings(sources=shown.sources)
    assert shown.model_fields_set == set(Settings.model_fields)
    for section in ("fetch", "translate", "encode", "align", "schedule"):
        assert getattr(shown, section) == getattr(defaults, section)
        assert getattr(shown, section).model_fields_set == set(type(getattr(shown, section)).model_fields)


def test_the_defaults_of_the_config_are_those_of_the_method() -> None:
    """They stand in two places so that reading a config does not load what computes."""
    from align import claims, stories

    assert AlignSettings().min_probability == claims.MIN_PROBABILITY
    assert AlignSettings().story_similarity == stories.MIN_SIMILARITY


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("warehous: x\n" + MINIMAL, "run.yaml, line 1: warehous: unknown key; did you mean 'warehouse'?"),
        (
            "sources:\n  - kind: csv\n    path: a.csv\n    colums: {}\n",
            "run.yaml, line 4: sources[0].colums: unknown key; did you mean 'columns'?",
        ),
        (
            "sources:\n  - kind: csv\n    path: a.csv\n    columns: {txt: body}\n",
            "line 4: sources[0].columns: expected names of fields of an article: outlet, country, language, url, "
            "published_at, title, text; did you mean 'text'?",
        ),
        ("sources:\n  - {kind: rss, url: x}\n", "line 2: sources[0].kind: found 'rss', expected jsonl, csv, parquet"),
        ("sources:\n  - {kind: feed, url: https://a.example}\n", "sources[0].outlet: is missing; add it"),
        (MINIMAL + "fetch:\n  timeout: -3\n", "line 4: fetch.timeout: found -3, expected greater than 0"),
        (
            MINIMAL + "translate: {engines: [memry]}\n",
            "translate.engines[0]: found 'memry', expected 'memory', 'auto', 'firefox', 'opus-mt-ct2', 'opus-mt', ",
        ),
        (MINIMAL + "translate: {ru: opus}\n", "line 3: translate.ru[0]: found 'opus', expected 'memory', 'auto', "),
        (
            MINIMAL + "translate: {models: {opus: {ru: x}}}\n",
            "line 3: translate.models.opus: unknown key, expected 'firefox', 'opus-mt' or 'nllb'",
        ),
        (
            MINIMAL + "outlets: {A: {affiliation: goverment}}\n",
            "outlets.A.affiliation: found 'goverment', expected 'state'",
        ),
        (
            "sources:\n  - path: a.csv\n",
            "run.yaml, line 2: sources[0].kind: is missing; add one of jsonl, csv, parquet, pages, texts, feed",
        ),
        ("sources: [a.csv]\n", "line 1: sources[0]: found 'a.csv', expected keys such as `kind:`"),
        (
            MINIMAL + "outlets:\n  feed: {countri: X}\n",
            "line 4: outlets.feed.countri: unknown key; did you mean 'country'? Known keys: country, language,",
        ),
        (
            MINIMAL + "outlets:\n  A: {}\n  No: {country: SE}\n",
            'line 5: outlets.No: found No, which YAML reads as true or false; put it in quotes: "No"',
        ),
        (
            MINIMAL + "outlets:\n  A:\n    country: NO\n",
            'line 5: outlets.A.country: found NO, which YAML reads as true or false; put it in quotes: "NO"',
        ),
        (
            MINIMAL + "name: 2024-03-01\n",
            'found 2024-03-01, which YAML reads as a date; put it in quotes: "2024-03-01"',
        ),
        (MINIMAL + "warehouse: 3\n", 'line 3: warehouse: found 3, which YAML reads as a number; put it in quotes: "3"'),
        (MINIMAL + "warehouse: [3]\n", "line 3: warehouse: expected a valid string"),
        (
            MINIMAL + "fetch:\n  delay: 1\n  retries: 2\n  delay: 3\n",
            "run.yaml, line 6: fetch.delay: is there already, in line 4; keep one of them",
        ),
        (
            "sources:\n  - kind: csv\n    path: a.csv\n    path: b.csv\n",
            "line 4: sources[0].path: is there already, in line 3",
        ),
        (
            MINIMAL + "translate:\n  models: {nllb: {rus: x}}\n",
            "line 4: translate.models.nllb.rus: unknown key, expected 'ru' or 'ar'",
        ),
        ("sources: []\n", "sources: expected"),
        ("", "holds None, expected keys such as `sources:`"),
        ("- a\n", "expected keys such as `sources:`"),
        ("sources: [\n", "is not YAML"),
        (MINIMAL + "name: 2024-02-30\n", "found '2024-02-30', which is no timestamp; put it in quotes if it is text"),
        (MINIMAL + "name: !!int x\n", "found 'x', which is no int; put it in quotes if it is text"),
        (MINIMAL + "name: !!bool x\n", "found 'x', which is no bool"),
        (MINIMAL + 'name: "\\ud800"\n', "run.yaml, line 3: name: has the character '\\ud800', fit for no text"),
        (MINIMAL + 'encode: {model: "~a\\0"}\n', "line 3: encode.model: has the character '\\x00', fit for no text"),
        (MINIMAL + '"a\\nb": x\n', "line 3: 'a\\nb': a key with a character that cannot be shown"),
        (MINIMAL + "? [a]\n: x\n", "line 3: the file: has a key that is no text"),
        (MINIMAL + "align: {story_days: .inf}\n", "align.story_days: found inf, expected less than or equal to 36500"),
        (MINIMAL + "fetch: {timeout: .inf}\n", "fetch.timeout: found inf, expected less than or equal to 86400"),
        (
            MINIMAL + "outlets:\n  A: &a {country: NO1}\n  B:\n    <<: *a\n    country: 1\n",
            "line 7: outlets.B.country: found 1",
        ),
        ("[" * 5000, "is nested too deeply to be read"),
        ("sources: &a [*a]\n", "its aliases (*name) unfold to more than 1000000 values; write them out"),
        (
            f"- &a0 [{'x, ' * 9}]\n" + UNFOLDING,
            "its aliases (*name) unfold to more than 1000000 values; write them out",
        ),
    ],
)
def test_an_error_names_file_key_finding_and_expectation(tmp_path: Path, text: str, expected: str) -> None:
    assert expected in error(tmp_path, text)


def test_no_error_is_longer_than_a_line_or_two(tmp_path: Path) -> None:
    for text in (
        f"sources: [{{kind: {'x' * 5000}}}]\n",
        f"{MINIMAL}? {'x' * 5000}\n: 1\n",
        MINIMAL + "1" * 5000 + ": 1\n",
    ):
        told = error(tmp_path, text)
        assert len(told.splitlines()) == 1
        assert len(told) < 600


def test_a_model_with_a_name_too_long_for_a_file_is_none_of_a_folder(tmp_path: Path) -> None:
    assert load(tmp_path, f"{MINIMAL}encode: {{model: {'x' * 5000}}}\n").encode.model == "x" * 5000


def test_every_error_of_a_file_is_told_at_once(tmp_path: Path) -> None:
    told = error(tmp_path, "nme: x\n" + MINIMAL + "align: {min_probability: 7}\nencode: {modle: x}\n")
    assert len(told.splitlines()) == 3


def test_a_file_that_cannot_be_read_is_an_error_of_the_users(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="cannot be read: No such file"):
        load_settings(tmp_path / "none.yaml")
    (tmp_path / "legacy.yaml").write_bytes("name: имя".encode("cp1251"))
    with pytest.raises(UserError, match="not UTF-8"):
        load_settings(tmp_path / "legacy.yaml")
