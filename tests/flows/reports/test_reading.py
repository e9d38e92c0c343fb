"""What a report shows is what the warehouse's views say."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from flows.errors import UserError
from flows.reports.content import Claim, Given, Phrase, Source, Story, Translated
from flows.reports.lists import list_stories
from flows.reports.method import describe_method
from flows.reports.reading import MAX_BEHIND, MAX_STORIES, read_report
from storage import Warehouse


@pytest.fixture(scope="module")
def story(enclave: Warehouse) -> Story:
    return read_report(enclave).stories[0]


def staged_attack(story: Story) -> Claim:
    return next(claim for claim in story.claims if "Veretennikova" in claim.gist.text)


def test_the_head_counts_what_is_there(story: Story) -> None:
    assert (len(story.articles), len(story.outlets), story.statements, len(story.claims)) == (9, 9, 122, 26)
    assert story.languages == ["en", "ru", "ar"]
    assert story.title.text == "Army ready for Idlib as provocateurs import poison"
    assert story.title_by == "Damascus Courier"


def test_untranslated_statements_are_counted_and_shown_as_such(story: Story) -> None:
    assert story.untranslated == 13
    wordings = staged_attack(story).tellings["منارة المشرق"].wordings
    assert [(wording.text.direction, wording.english, wording.engine) for wording in wordings] == [("rtl", None, None)]


def test_doubtful_translations_are_counted_with_the_model_that_made_them(doubted: Warehouse) -> None:
    story = read_report(doubted).stories[0]
    assert story.doubtful == 13
    model = ("Helsinki-NLP/opus-mt-ar-en", "c0ffee", "CC-BY-4.0")
    assert Translated("ar", "opus-mt", *model, statements=13, doubtful=13) in story.translated
    assert [w.doubt for w in staged_attack(story).tellings["منارة المشرق"].wordings] == ["number"]


def test_the_method_names_models_with_revision_and_licence(doubted: Warehouse, enclave: Warehouse) -> None:
    english, doubt = describe_method(read_report(doubted))[6:8]
    assert "Arabic: 27 statements, translation memory" in english
    assert "machine translation, opus-mt (Helsinki-NLP/opus-mt-ar-en, revision c0ffee, licence CC-BY-4.0)" in english
    assert "(13 of 81)" in doubt and "below 0.65" in doubt
    assert "(0 of 68)" in describe_method(read_report(enclave))[7]


def test_a_claim_has_each_outlets_wording_with_its_voice_and_time(story: Story) -> None:
    claim = staged_attack(story)
    first, *later = claim.tellings.values()
    assert first.outlet.name == "Отечественная трибуна"
    assert first.is_first and [telling.is_first for telling in later] == [False] * 5
    wording = first.wordings[0]
    assert wording.text.text.startswith("Боевики террористических группировок")
    assert wording.english is not None and wording.english.startswith("Militants of terrorist groups")
    assert (wording.engine, wording.cue) == ("memory", "заявила")
    assert wording.speaker == "официальный представитель МИД России Лариса Веретенникова"
    assert wording.link == "https://otechestvennaya-tribuna.example/mir/idlib-instsenirovka"
    assert claim.tellings["Damascus Courier"].hours == 15.5
    assert claim.tellings["Damascus Courier"].wordings[0].english is None


def test_who_tells_a_claim_and_who_leaves_it_out_make_up_the_outlets(story: Story) -> None:
    for claim in story.claims:
        missing = {outlet.name for outlet in claim.missing}
        assert missing.isdisjoint(claim.tellings)
        assert missing | set(claim.tellings) == {outlet.name for outlet in story.outlets}


def test_claims_told_by_most_come_first_and_are_numbered(story: Story) -> None:
    told_by = [len(claim.tellings) for claim in story.claims]
    assert told_by == sorted(told_by, reverse=True)
    assert [claim.number for claim in story.claims] == list(range(1, 27))


def test_names_are_told_by_referent_and_outlet(story: Story) -> None:
    names = {(name.surface, name.valence) for name in story.naming["armed-group"]["Damascus Courier"]}
    assert ("armed gangs", "negative") in names
    assert {name.valence for name in story.naming["armed-group"]["نداء إدلب"]} == {"positive"}


def test_figures_that_differ_point_to_their_claim(story: Story) -> None:
    troops = next(item for item in story.discrepancies if item.highest == 40_000)
    assert Given("Степной телеграф", 25_000.0, "at most") in troops.given
    assert Given("Балтийский вестник дня", 40_000.0, "to") in troops.given
    assert [given.value for given in troops.given] == sorted(given.value for given in troops.given)
    assert {"Степной телеграф", "Балтийский вестник дня"} <= set(troops.claim.tellings)


def test_denials_stand_between_claims_of_the_story(story: Story) -> None:
    assert len(story.denials) == 6
    (denial,) = story.denied_by(story.claims[0])
    assert "Sarmini" in denial.claim.gist.text and story.denied(denial.claim) == [denial]
    assert story.denied(story.claims[0]) == []


def test_divergence_reads_the_same_both_ways(story: Story) -> None:
    assert 0 < story.divergence["Damascus Courier", "Hatay Border Post"].far <= 1
    assert all(story.divergence[b, a] is pair for (a, b), pair in story.divergence.items())
    assert [pair.far for pair in story.pairs] == sorted((pair.far for pair in story.pairs), reverse=True)
    assert len(story.pairs) == 36


def test_divergence_comes_with_the_claims_it_is_made_of(story: Story) -> None:
    for pair in story.pairs:
        one, other = ({c.number for c in story.claims if outlet in c.tellings} for outlet in pair.outlets)
        assert (pair.claims, pair.shared) == ((len(one), len(other)), len(one & other))
        assert pair.choice == pytest.approx(1 - len(one & other) / len(one | other))


def test_each_figure_comes_with_the_statements_behind_it(story: Story) -> None:
    for referent, outlets in story.naming.items():
        for outlet, names in outlets.items():
            for name in names:
                assert 0 < len(name.behind) <= name.mentions, referent
                assert {statement.article.outlet for statement in name.behind} == {outlet}
                assert all(name.surface in statement.text.text.lower() for statement in name.behind)
    for voice in story.voices:
        assert len(voice.behind) == min(voice.statements, MAX_BEHIND)
    assert sum(stance.statements for stances in story.stances.values() for stance in stances.values()) > 50
    assert [statement.number for statement in story.behind] == list(range(1, len(story.behind) + 1))


def test_frames_come_with_how_well_they_are_found_and_their_statements(story: Story, enclave: Warehouse) -> None:
    rows = enclave.query("SELECT frame, outlet, statements, of_statements, is_experimental FROM framing").rows
    told = {(frame, outlet): (count, count / total, hint) for frame, outlet, count, total, hint in rows if count}
    shown = {
        (frame.name.replace(" ", "-"), outlet): (framed.statements, framed.share, frame.is_experimental)
        for frame in story.frames
        for outlet, framed in frame.outlets.items()
        if framed.statements
    }
    assert shown == told and len(shown) > 20
    assert [frame.f1 or 0 for frame in story.frames] == sorted((f.f1 or 0 for f in story.frames), reverse=True)
    for frame in story.frames:
        for outlet, framed in frame.outlets.items():
            assert len(framed.behind) == min(framed.statements, MAX_BEHIND)
            assert {statement.article.outlet for statement in framed.behind} <= {outlet}


def test_quotes_and_what_others_say_come_with_their_statements_too(story: Story) -> None:
    for voice in story.voices:
        assert len(voice.quoted) == min(voice.quotes, MAX_BEHIND)
        assert all(statement in voice.behind for statement in voice.quoted)
    assert any(word.others for word in story.keywords)
    for word in story.keywords:
        assert len(word.elsewhere) == min(word.others, MAX_BEHIND)
        if word.grouping == "outlet":
            assert word.group not in {statement.article.outlet for statement in word.elsewhere}


def test_what_a_pronoun_says_counts_and_stands_behind_the_figure(build: Callable[..., Warehouse]) -> None:
    said = [{"text": "Ann Lee said so.", "speaker": "Ann Lee", "cue": "said", "claim": "c"}]
    said.append({"text": "She said more.", "speaker": "She", "cue": "said", "antecedent": "Ann Lee"})
    told = [article("A", 1, "Talks", "talks") | {"statements": said}, article("B", 2, "Talks", "talks")]
    told[1]["statements"][0]["claim"] = "c"
    (voice,) = read_report(build({"articles": told})).stories[0].voices
    assert (voice.speaker.text, voice.statements) == ("Ann Lee", 2)
    assert [statement.text.text for statement in voice.behind] == ["Ann Lee said so.", "She said more."]


def test_untranslated_statements_can_be_looked_up(story: Story) -> None:
    assert sum(statement.is_untranslated for statement in story.behind) == 13


def test_figures_that_differ_are_known_in_the_wording_and_in_its_english(story: Story) -> None:
    troops = next(item for item in story.discrepancies if item.highest == 40_000).claim
    (wording,) = troops.tellings["Балтийский вестник дня"].wordings
    assert len(wording.differing) > 1
    assert all(figure in f"{wording.text.text} {wording.english}" for figure in wording.differing)


def test_the_last_run_says_how_it_was_made(enclave: Warehouse) -> None:
    report = read_report(enclave)
    assert (report.method.encoder, report.method.min_probability, report.method.version) == ("embedded", 0.46, "0.1.0")
    assert report.rejects == 3


def test_text_comes_without_control_characters_on_one_line(hostile: Warehouse) -> None:
    shown = repr(read_report(hostile))
    assert "evil" in shown
    assert not any(mark in shown for mark in (r"\x1b", r"\x07", r"\x9b", r"\u202e", r"\u2066"))


def article(outlet: str, day: int, topic: str, claim: str | None = None) -> dict[str, Any]:
    text = f"{topic} as {outlet} has it."
    return {
        "outlet": outlet,
        "language": "en",
        "title": f"{topic} by {outlet}",
        "text": text,
        "published_at": f"2024-03-{day:02}T08:00:00+00:00",
        "statements": [{"text": text, "claim": claim}],
    }


def told_by(topic: str, *outlets: str) -> dict[str, Any]:
    return {"articles": [article(outlet, day, topic, topic) for day, outlet in enumerate(outlets, 1)]}


def test_stories_come_the_largest_first_and_those_without_claims_apart(build: Callable[..., Warehouse]) -> None:
    lone = {"articles": [article("A", 1, "Lone")]}
    report = read_report(build(told_by("Small", "A", "B"), told_by("Large", "A", "B", "C"), lone))
    assert [story.title.text for story in report.stories] == ["Large by A", "Small by A"]
    assert [brief.title for brief in report.bare] == ["Lone by A"]


def test_a_story_without_a_headline_goes_by_its_opening_words(build: Callable[..., Warehouse]) -> None:
    untitled = [article(outlet, day, "Talks", "talks") | {"title": ""} for day, outlet in enumerate("AB", 1)]
    untitled[0]["language"] = "ru"
    warehouse = build({"articles": untitled}, {"articles": [article("C", 1, "Lone") | {"title": " "}]})
    report = read_report(warehouse)
    (story,) = report.stories
    assert (story.title, story.title_by) == (Phrase("Talks as A has it.", "ru"), None)
    assert [shown.title.text for shown in story.articles] == ["Talks as A has it.", "Talks as B has it."]
    assert [brief.title for brief in report.bare] == ["Lone as C has it."]
    assert [row[-1] for row in list_stories(warehouse).rows] == ["Talks as A has it.", "Lone as C has it."]


def test_a_story_goes_by_a_later_headline_where_its_own_is_blank(build: Callable[..., Warehouse]) -> None:
    russian = [article(outlet, day, "Talks", "talks") | {"language": "ru"} for day, outlet in enumerate("AB", 1)]
    russian[0]["title"] = ""
    (story,) = read_report(build({"articles": russian})).stories
    assert (story.title, story.title_by) == (Phrase("Talks by B", "ru"), "B")


def test_more_stories_than_a_report_holds_are_counted(build: Callable[..., Warehouse]) -> None:
    report = read_report(build(*(told_by(f"Topic {n}", "A", "B") for n in range(MAX_STORIES + 2))))
    assert (len(report.stories), report.left_out) == (MAX_STORIES, 2)


def test_a_story_can_be_asked_for_even_without_claims(build: Callable[..., Warehouse]) -> None:
    warehouse = build({"articles": [article("A", 1, "Lone")]}, told_by("Small", "A", "B"))
    (lone,) = read_report(warehouse).bare
    report = read_report(warehouse, lone.story_id)
    assert [story.claims for story in report.stories] == [[]]
    assert report.bare == []


def test_an_outlet_that_publishes_in_two_languages_is_one_outlet(build: Callable[..., Warehouse]) -> None:
    russian = article("A", 3, "More talks", "talks") | {"language": "ru"}
    warehouse = build({"articles": [article("A", 1, "Talks", "talks"), article("B", 2, "Talks", "talks"), russian]})
    (story,) = read_report(warehouse).stories
    assert [outlet.name for outlet in story.outlets].count("A") == 1
    assert [len(telling.wordings) for telling in story.claims[0].tellings.values()] == [2, 1]


def test_the_beginning_of_an_id_is_enough_where_it_is_the_only_one(build: Callable[..., Warehouse]) -> None:
    warehouse = build(told_by("Small", "A", "B"), told_by("Large", "A", "B", "C"))
    large, small = (story.story_id for story in read_report(warehouse).stories)
    assert large[0] != small[0]
    assert [story.story_id for story in read_report(warehouse, small[0]).stories] == [small]
    with pytest.raises(UserError, match="no story ''"):
        read_report(warehouse, "")


def test_an_unknown_story_is_answered_with_the_nearest(enclave: Warehouse) -> None:
    known = read_report(enclave).stories[0].story_id
    with pytest.raises(UserError, match=f"(?s)nearest.*{known}  Army ready"):
        read_report(enclave, known[:-1] + "x")
    with pytest.raises(UserError, match=f"(?s)largest.*{known}"):
        read_report(enclave, "?")


def test_an_empty_warehouse_says_what_to_do(build: Callable[..., Warehouse]) -> None:
    with pytest.raises(UserError, match=r"0 articles and no story.*rashomon run"):
        read_report(build())


def test_wire_copy_names_its_source_and_counts_as_one(wire: Warehouse) -> None:
    (story,) = read_report(wire).stories
    (claim,) = story.claims
    assert (len(claim.tellings), claim.independent, claim.has_copies) == (4, 2, True)
    sources = {name: [wording.source for wording in telling.wordings] for name, telling in claim.tellings.items()}
    assert sources == {
        "Wire One": [None],
        "Daily Two": [Source("Wire One", 3)],
        "وكالة أولى": [None],
        "صحيفة ثانية": [Source("وكالة أولى", 3)],
    }
    republished = {article.outlet: article.source for article in story.articles if article.source}
    assert republished == {"Daily Two": Source("Wire One", 3), "صحيفة ثانية": Source("وكالة أولى", 3)}


def test_without_copies_every_teller_is_a_source(story: Story) -> None:
    assert [claim.independent for claim in story.claims] == [len(claim.tellings) for claim in story.claims]
    assert not any(claim.has_copies for claim in story.claims)
    assert not any(article.source for article in story.articles)
