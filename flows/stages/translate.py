"""Statements to English."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from flows.progress import report, warn
from flows.settings import Settings
from flows.stages import Counts, batch_task, timestamp
from flows.translators import EngineUnavailable, Translator, load_translators
from storage import Text, TranslationKey, Warehouse, rows


def translate(settings: Settings, warehouse: Warehouse) -> Counts:
    """Put statements into English with the engines there are; what none can do stays for a later run."""
    translators = load_translators(settings.translate)
    made: Counter[str] = Counter({"translated": 0})
    reasons: list[str] = []
    for language in warehouse.foreign_languages():
        keys: list[TranslationKey] = []
        for translator in translators:
            try:
                keys.append(TranslationKey(translator.engine, *translator.model_of(language)))
                made["translated"] += _translate_language(language, translator, keys, settings, warehouse)
            except EngineUnavailable as error:
                reasons.append(str(error))
    for problem in (problem for translator in translators for problem in translator.problems):
        warn(problem)
    (untranslated,) = warehouse.query("SELECT count(*) FROM told WHERE english IS NULL").rows[0]
    if untranslated:
        why = "; ".join(dict.fromkeys(reasons)) or "no engine had a translation for them"
        warn(f"{untranslated} statements stay untranslated: {why}")
    return dict(made) | {"untranslated": untranslated}


def _translate_language(
    language: str, translator: Translator, keys: Sequence[TranslationKey], settings: Settings, warehouse: Warehouse
) -> int:
    """Ask one engine for the texts that neither it nor one before it has translated. Returns how many it did."""
    total = warehouse.count_untranslated(language, keys)
    made = asked = 0
    after = ""
    # A batch of batches: the engine sorts by length within it.
    size = settings.translate.batch_size * 8
    while batch := warehouse.untranslated(language, keys, after, size):
        made += _translate_batch(batch, language, translator, warehouse)
        asked += len(batch)
        after = batch[-1].key
        report("translate", asked, total, f"{language}: {made} by {translator.engine}")
    return made


@batch_task("translate statements")
def _translate_batch(batch: Sequence[Text], language: str, translator: Translator, warehouse: Warehouse) -> int:
    found = translator.translate([text.text for text in batch], language)
    now = timestamp()
    translations = [
        rows.Translation(text.key, made.engine, made.model, made.revision, made.english, now)
        for text, made in zip(batch, found, strict=True)
        if made is not None
    ]
    warehouse.write_translations(translations)
    return len(translations)
