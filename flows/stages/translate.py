"""Statements to English."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from flows import hub
from flows.progress import Downloads, note, report, warn
from flows.runners import Loaded, Runner
from flows.settings import AUTOMATIC, Settings, TranslateSettings
from flows.stages import Counts, batch_task, timestamp
from flows.translators import EngineUnavailable, Translation, Translator, load_neural, load_translators
from flows.translators.neural import NeuralTranslator
from storage import Text, TranslationKey, Warehouse, rows

BATCHES = 8
"""The batches whose texts an engine is given at once, and sorts by length."""


def translate(settings: Settings, warehouse: Warehouse, runner: Runner) -> Counts:
    """Put statements into English with the engines there are; what none can do stays for a later run."""
    with hub.watched_by(Downloads()):
        return _translate(settings, warehouse, runner)


def _translate(settings: Settings, warehouse: Warehouse, runner: Runner) -> Counts:
    translators = load_translators(settings.translate)
    in_claims = settings.translate.scope == "claims"
    made: Counter[str] = Counter({"translated": 0})
    reasons: list[str] = []
    for language in warehouse.foreign_languages():
        keys: list[TranslationKey] = []
        for engine in settings.translate.engines_for(language):
            try:
                keys += _keys(engine, language, translators)
                if warehouse.count_untranslated(language, keys, in_claims):
                    translator = _translator(engine, language, translators)
                    made["translated"] += _translate_language(language, translator, keys, settings, warehouse, runner)
            except EngineUnavailable as error:
                reasons.append(str(error))
    for problem in (problem for translator in translators.values() for problem in translator.problems):
        warn(problem)
    untranslated = warehouse.count_without_english(in_claims)
    if untranslated:
        why = "; ".join(dict.fromkeys(reasons)) or "no engine had a translation for them"
        warn(f"{untranslated} statements stay untranslated: {why}")
    return dict(made) | {"untranslated": untranslated}


def _keys(engine: str, language: str, translators: Mapping[str, Translator]) -> list[TranslationKey]:
    """What an engine's translations are told by; what any engine of `auto` has translated, it leaves as it is."""
    if engine == "auto":
        return [TranslationKey(name) for name in AUTOMATIC]
    return [TranslationKey(engine, *translators[engine].model_of(language))]


def _translator(engine: str, language: str, translators: Mapping[str, Translator]) -> Translator:
    if engine != "auto":
        return translators[engine]
    from flows.translators.auto import choose

    named = (translators[name] for name in AUTOMATIC)
    chosen = choose([each for each in named if isinstance(each, NeuralTranslator)], language)
    note(f"translate: {language} with {chosen.engine}, {chosen.model_of(language)[0]}")
    return chosen


def _translate_language(
    language: str,
    translator: Translator,
    keys: Sequence[TranslationKey],
    settings: Settings,
    warehouse: Warehouse,
    runner: Runner,
) -> int:
    """Ask one engine for the texts that neither it nor one before it has translated. Returns how many it did."""
    in_claims = settings.translate.scope == "claims"
    total = warehouse.count_untranslated(language, keys, in_claims)
    made = asked = 0
    start = time.monotonic()
    batches = _batches(language, translator, keys, settings, warehouse)
    if isinstance(translator, NeuralTranslator):
        each = runner.in_order(_translate_batch, batches)
    else:  # the user's translations lie on this machine
        each = ((batch, _translate_batch(**arguments)) for batch, arguments in batches)
    for batch, found in each:
        made += _store(batch, found, warehouse)
        asked += len(batch)
        rate = asked / max(time.monotonic() - start, 1e-9)
        report("translate", asked, total, f"{language}: {made} by {translator.engine}, {pace(rate, total - asked)}")
    return made


def pace(rate: float, left: int) -> str:
    """How many a second and how long for those that are left: `8.2 a second, 3:20 left`."""
    minutes, seconds = divmod(round(left / rate), 60)
    hours, minutes = divmod(minutes, 60)
    clock = f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"
    return f"{rate:.{0 if rate >= 10 else 1}f} a second, {clock} left"


def _batches(
    language: str, translator: Translator, keys: Sequence[TranslationKey], settings: Settings, warehouse: Warehouse
) -> Iterator[tuple[list[Text], dict[str, Any]]]:
    shaped_by = settings.translate.model_dump_json(include={"models", "batch_size"})
    travelling = Loaded[Translator](_loaded, translator.engine, shaped_by, made=translator)
    in_claims, size = settings.translate.scope == "claims", settings.translate.batch_size * BATCHES
    after = ""
    while batch := warehouse.untranslated(language, keys, after, size, in_claims):
        yield batch, {"texts": [text.text for text in batch], "language": language, "translator": travelling}
        after = batch[-1].key


def _loaded(engine: str, settings: str) -> Translator:
    return load_neural(engine, TranslateSettings.model_validate_json(settings))


@batch_task("translate statements")
def _translate_batch(texts: Sequence[str], language: str, translator: Loaded[Translator]) -> list[Translation | None]:
    return translator().translate(texts, language)


def _store(batch: Sequence[Text], found: Sequence[Translation | None], warehouse: Warehouse) -> int:
    """Returns how many there are."""
    now = timestamp()
    translations = [
        rows.Translation(
            text.key, made.engine, made.model, made.revision, made.english, now, licence=made.licence, flaw=made.flaw
        )
        for text, made in zip(batch, found, strict=True)
        if made is not None
    ]
    warehouse.write_translations(translations)
    return len(translations)
