from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.sources.records import Unfit, clean_line, clean_text, detect_language, make_article, parse_moment

NOON = datetime(2023, 6, 15, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    "value",
    [
        "2023-06-15T12:00:00Z",
        "2023-06-15T16:00:00+04:00",
        "2023-06-15 12:00:00",
        "2023-06-15 12:00:00 UTC",
        " 20230615T120000Z ",
        "Thu, 15 Jun 2023 12:00:00 GMT",
        "Thu, 15 Jun 2023 16:00:00 +0400",
        datetime(2023, 6, 15, 12, 0),
        datetime(2023, 6, 15, 16, 0, tzinfo=timezone(timedelta(hours=4))),
    ],
)
def test_a_moment_in_any_of_the_known_ways_is_turned_to_utc(value):
    assert parse_moment(value) == NOON
    assert parse_moment(value).utcoffset() == timedelta(0)


def test_a_day_is_its_first_moment():
    assert parse_moment("2023-06-15") == parse_moment(date(2023, 6, 15)) == datetime(2023, 6, 15, tzinfo=UTC)


@pytest.mark.parametrize("value", ["15.06.2023", "yesterday", "2023-02-30", "0001-01-01T00:00:00+14:00"])
def test_what_is_no_moment_is_named(value):
    with pytest.raises(Unfit, match=r"date '.*' is neither ISO 8601 nor RFC 2822") as error:
        parse_moment(value)
    assert value in str(error.value)


@pytest.mark.parametrize("value", [1, 0, 2.5, False, b"", Decimal(0), time(12), timedelta(days=3), [], {"year": 2023}])
def test_what_is_of_a_type_that_holds_no_date_is_no_moment(value):
    with pytest.raises(Unfit, match=r"date .* is neither ISO 8601 nor RFC 2822"):
        parse_moment(value)


@pytest.mark.parametrize("value", ["0001-01-01", "0001-01-01T00:00:00Z", "1899-12-30 00:00:00", date(1, 1, 1)])
def test_the_day_that_programs_write_for_none_is_no_date(value):
    with pytest.raises(Unfit, match="is before 1900") as error:
        parse_moment(value)
    assert str(value) in str(error.value)


@pytest.mark.parametrize("ahead", [timedelta(days=3), timedelta(days=4000)])
def test_what_lies_in_the_future_was_not_published(ahead):
    value = (datetime.now(UTC) + ahead).isoformat()
    with pytest.raises(Unfit, match="is more than 2 days ahead") as error:
        parse_moment(value)
    assert value in str(error.value)


def test_a_clock_may_be_a_day_ahead():
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    assert parse_moment(tomorrow) == tomorrow


@pytest.mark.parametrize("value", [None, "", "  "])
def test_no_date_is_no_error(value):
    assert parse_moment(value) is None


@given(st.text())
def test_any_text_is_a_moment_in_utc_or_unfit(value):
    try:
        moment = parse_moment(value)
    except Unfit:
        return
    assert moment is None or moment.utcoffset() == timedelta(0)


def test_text_is_freed_of_what_breaks_words_and_databases():
    assert clean_text("\ufeffOne\x00 two\u00adthree  \r\nfour\rfive \ud800") == "One twothree\nfour\nfive \ufffd"
    assert clean_text("и\u0306") == "й"
    assert clean_line(" a\n\tb ") == "a b"


@given(st.text(st.characters()))
def test_clean_text_is_storable_and_stays_as_it_is(text):
    cleaned = clean_text(text)
    assert cleaned.encode("utf-8").decode("utf-8") == cleaned == clean_text(cleaned)


def test_the_language_is_found_by_the_letters(gold_articles):
    for article in gold_articles:
        assert detect_language(article["title"]) == detect_language(article["text"]) == article["language"]


def test_a_language_we_cannot_read_is_unfit():
    text = "La trêve conclue dans la nuit a mis fin à trois jours d’affrontements à la frontière entre les deux pays."
    with pytest.raises(Unfit, match="looks like 'fr'"):
        detect_language(text)
    with pytest.raises(Unfit, match="language 'fr' is none of en, ru, ar"):
        make_article(source="s", outlet="o", text=text, language="fr")


def test_a_given_language_wins_and_may_name_a_region():
    assert make_article(source="s", outlet="o", text="Мир", language="ar-EG").language == "ar"


def test_an_article_has_an_outlet_and_a_text():
    with pytest.raises(Unfit, match="no text"):
        make_article(source="s", outlet="o", text=" \n\u00ad", language="en")
    with pytest.raises(Unfit, match="no outlet"):
        make_article(source="s", outlet=None, text="Peace.", language="en")


def test_a_text_without_measure_is_no_article():
    longest = "a" * 200_000
    assert make_article(source="s", outlet="o", text=f" {longest}\n", language="en").text == longest
    with pytest.raises(Unfit, match="text of 200001 characters, 200000 are the most"):
        make_article(source="s", outlet="o", text=longest + "a", language="en")


def test_an_address_is_canonical_or_unfit():
    article = make_article(source="s", outlet="o", text="Peace.", language="en", url="http://A.example/x?utm_source=y")
    assert article.url == "http://a.example/x"
    with pytest.raises(Unfit, match="'javascript:alert"):
        make_article(source="s", outlet="o", text="Peace.", language="en", url="javascript:alert(1)")


def test_a_date_without_end_is_no_date():
    with pytest.raises(Unfit, match="…") as error:
        parse_moment("1" + " " * 1_000_000 + "UTC.")
    assert len(str(error.value)) < 200
