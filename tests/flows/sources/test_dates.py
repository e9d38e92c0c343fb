from __future__ import annotations

from datetime import UTC, datetime

import pytest

from flows.sources.dates import Dated, address_date, read_dates, read_stamp


def moment(*parts: int) -> Dated:
    return Dated(datetime(*parts, tzinfo=UTC), True)


def day(*parts: int) -> Dated:
    return Dated(datetime(*parts, tzinfo=UTC), False)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("Thursday, 12 March 2026, 18:40 (GMT+3) | City", moment(2026, 3, 12, 15, 40)),
        ("Thu 14 May 2026 05.30 BST", moment(2026, 5, 14, 4, 30)),
        ("10:42, 29 April 2026 (UTC)", moment(2026, 4, 29, 10, 42)),
        ("March 2nd, 2026 at 7:30 p.m. EDT", moment(2026, 3, 2, 23, 30)),
        ("JUN 1 2026", day(2026, 6, 1)),
        ("15 мая 2026, 07:58 МСК. Онлайн вели", moment(2026, 5, 15, 4, 58)),
        ("2 марта 2026 г. в 10:15 (мск)", moment(2026, 3, 2, 7, 15)),
        ("2 марта 2026, 10:15 по московскому времени", moment(2026, 3, 2, 7, 15)),
        ("2 марта 2026, 10:15", day(2026, 3, 2)),
        ("27.01.2026 Рубрика: Люди", day(2026, 1, 27)),
        ("بدأت التغطية 18 مايو 2026 - 05:30 بتوقيت غرينتش", moment(2026, 5, 18, 5, 30)),
        ("2 آذار/مارس 2026 - 9:05 مساءً بتوقيت مكة", moment(2026, 3, 2, 18, 5)),
        ("الإثنين ٢ آذار ٢٠٢٦ - ٠٠:١٥", day(2026, 3, 2)),
        ("الثلاثاء 3 كانون الثاني 2023", day(2023, 1, 3)),
        ("الإثنين، فبراير 9، 2026", day(2026, 2, 9)),
        ("8 جويلية 2025", day(2025, 7, 8)),
        ("5 غشت 2025", day(2025, 8, 5)),
        ("الخميس ٣٠ رمضان ١٤٤٧ هـ، الموافق ١٩ مارس ٢٠٢٦", day(2026, 3, 19)),
        ("2\u00a0مــارس\u200f 2026", day(2026, 3, 2)),
    ],
)
def test_dates_are_read_as_readers_are_told_them(text, meant):
    assert list(read_dates(text)) == [meant]


@pytest.mark.parametrize(
    "text", ["", "2 марта, 11:15", "31 February 2026", "The war of 12 May 1911", "1 200 300", "12:30"]
)
def test_what_tells_no_day_of_a_year_is_no_date(text):
    assert list(read_dates(text)) == []


@pytest.mark.parametrize("label", ["Updated", "Last modified on", "Обновлено:", "آخر تحديث:"])
def test_the_date_of_the_last_change_is_left_out(label):
    assert list(read_dates(f"2 May 2026. {label} 3 May 2026, 10:00 UTC")) == [day(2026, 5, 2)]
    assert list(read_dates(f"{label} 3 May 2026, 10:00 UTC")) == []


def test_the_month_stands_first_only_where_that_is_the_custom():
    assert list(read_dates("03/04/2026")) == [day(2026, 4, 3)]
    assert list(read_dates("03/04/2026", month_first=True)) == [day(2026, 3, 4)]
    assert list(read_dates("03/24/2026")) == [day(2026, 3, 24)]


@pytest.mark.parametrize(
    ("stamp", "meant"),
    [
        ("2026-03-02T11:15:00+03:00", moment(2026, 3, 2, 8, 15)),
        ("2026-03-02 11:15:00 +0300", moment(2026, 3, 2, 8, 15)),
        ("2026-04-29T10:42Z", moment(2026, 4, 29, 10, 42)),
        ("Mon, 02 Mar 2026 10:00:00 +0300", moment(2026, 3, 2, 7)),
        ("1767225600", moment(2026, 1, 1)),
        ("2026-03-02T11:15:00", day(2026, 3, 2)),
        ("2026-03-02T00:00:00+03:00", day(2026, 3, 2)),
        ("20260302", day(2026, 3, 2)),
        ("March 2, 2026", day(2026, 3, 2)),
    ],
)
def test_stamps_for_programs_are_read_and_a_time_without_its_zone_is_only_a_day(stamp, meant):
    assert read_stamp(stamp) == meant


@pytest.mark.parametrize(
    "stamp", [None, "", "now", "0000-00-00", "2026-13-45T99:99:99Z", "9" * 13, "2999-01-01", "2026" * 99]
)
def test_what_is_no_date_is_none(stamp):
    assert read_stamp(stamp) is None


def test_an_address_may_tell_the_day():
    assert address_date("https://a.example/2026/03/02/truce") == day(2026, 3, 2)
    assert address_date("https://a.example/2026/99/02/truce") is None
    assert address_date("https://a.example/item/20260302345") is None
    assert address_date(None) is None
