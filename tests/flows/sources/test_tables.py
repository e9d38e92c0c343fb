from __future__ import annotations

import json
from datetime import UTC, datetime

import crawls
import duckdb
import pytest

from flows.errors import UserError
from flows.settings import TableSource
from flows.sources import Article, Reject, tables

ROW = {"outlet": "Wire", "language": "en", "title": "Truce", "text": "A truce took hold.", "url": "http://a.example/1"}


def read(path, **settings):
    items = crawls.read(TableSource(kind=path.suffix[1:], path=path, **settings))
    rejects = {item.item: item.reason for item in items if isinstance(item, Reject)}
    return [item for item in items if isinstance(item, Article)], rejects


@pytest.fixture
def jsonl(tmp_path):
    def write(*lines: object) -> object:
        path = tmp_path / "coverage.jsonl"
        encoded = [line if isinstance(line, bytes) else json.dumps(line, ensure_ascii=False).encode() for line in lines]
        path.write_bytes(b"\n".join(encoded) + b"\n")
        return path

    return write


@pytest.fixture
def csv(tmp_path):
    def write(text: str, encoding: str = "utf-8") -> object:
        path = tmp_path / "coverage.csv"
        path.write_bytes(text.encode(encoding))
        return path

    return write


@pytest.fixture
def parquet(tmp_path):
    def write(query: str) -> object:
        path = tmp_path / "coverage.parquet"
        duckdb.sql(query).write_parquet(str(path))
        return path

    return write


class TestEveryKind:
    def test_a_missing_file_is_named(self, tmp_path):
        with pytest.raises(UserError, match=r"gone\.jsonl: no such file"):
            read(tmp_path / "gone.jsonl")

    def test_a_folder_is_no_file(self, tmp_path):
        (tmp_path / "a.csv").mkdir()
        with pytest.raises(UserError, match="no such file"):
            read(tmp_path / "a.csv")


class TestJsonl:
    def test_the_gold_articles_come_as_they_are(self, jsonl, gold_articles):
        path = jsonl(*gold_articles)
        articles, rejects = read(path)
        assert not rejects
        assert [(a.outlet, a.country, a.language, a.url, a.title, a.text) for a in articles] == [
            (g["outlet"], g["country"], g["language"], g["url"], g["title"], g["text"]) for g in gold_articles
        ]
        assert [a.published_at for a in articles] == [
            datetime.fromisoformat(g["published_at"]).astimezone(UTC) for g in gold_articles
        ]
        assert {a.source for a in articles} == {str(path)}

    def test_columns_by_the_names_of_the_file(self, jsonl):
        path = jsonl({"who": "Wire", "body": "A truce took hold.", "title": "Truce", "language": "en"})
        (article,), _ = read(path, columns={"outlet": "who", "text": "body"})
        assert (article.outlet, article.text, article.title, article.url) == (
            "Wire",
            "A truce took hold.",
            "Truce",
            None,
        )

    def test_outlet_and_language_of_the_source_stand_in(self, jsonl):
        (own, other), _ = read(jsonl({"text": "Мир."}, ROW), outlet="Вестник", language="ru")
        assert (own.outlet, own.language, other.outlet, other.language) == ("Вестник", "ru", "Wire", "en")

    def test_the_language_is_detected_where_nobody_gives_it(self, jsonl, gold_articles):
        articles, _ = read(jsonl(*({**g, "language": None} for g in gold_articles)))
        assert [a.language for a in articles] == [g["language"] for g in gold_articles]

    def test_a_bad_line_is_rejected_and_the_rest_goes_on(self, jsonl):
        bad = {
            b"{'outlet'": "not JSON: Expecting property name enclosed in double quotes at character 2",
            b'"text"': "a JSON str, not an object",
            b'{"text": "\xcc\xe8\xf0"}': "not UTF-8 (byte 11 of the line)",
            b"[" * 100_000: "not JSON that can be read: RecursionError",
            b'{"outlet": "Wire", "text": ""}': "no text",
            b'{"text": "Peace.", "language": "en"}': "no outlet",
            b'{"outlet": "Wire", "text": 7}': "column 'text' holds a int, not text",
            b'{"outlet": "Wire", "text": "x", "language": "tlh"}': "language 'tlh' is none of en, ru, ar",
        }
        for date in ("12/31/23", 1700000000):
            line = json.dumps({**ROW, "published_at": date}).encode()
            bad[line] = f"date {date!r} is neither ISO 8601 nor RFC 2822"
        articles, rejects = read(jsonl(ROW, *bad, ROW))
        assert len(articles) == 2
        assert rejects == {f"line {number}": reason for number, reason in enumerate(bad.values(), start=2)}

    def test_a_line_too_long_to_hold_is_skipped(self, jsonl, monkeypatch):
        monkeypatch.setattr(tables, "LONGEST_LINE", 200)
        articles, rejects = read(jsonl(ROW, {**ROW, "text": "x" * 1000}, ROW))
        assert len(articles) == 2
        assert rejects == {"line 2": "longer than 200 bytes"}

    def test_blank_lines_and_a_byte_order_mark_are_no_rows(self, jsonl):
        articles, rejects = read(jsonl(b"\xef\xbb\xbf" + json.dumps(ROW).encode(), b"", ROW))
        assert (len(articles), rejects) == (2, {})


class TestCsv:
    def test_quoted_text_over_several_lines(self, csv):
        path = csv('outlet,title,text,language\nWire,Truce,"One, ""two"".\n\nThree.",en\n')
        (article,), rejects = read(path)
        assert (article.text, rejects) == ('One, "two".\n\nThree.', {})

    @pytest.mark.parametrize("delimiter", [";", "\t"])
    def test_other_delimiters_are_seen_in_the_header(self, csv, delimiter):
        (article,), _ = read(csv("outlet,text,language\nWire,Peace.,en\n".replace(",", delimiter)))
        assert (article.outlet, article.text) == ("Wire", "Peace.")

    @pytest.mark.parametrize(
        ("encoding", "language"),
        [
            ("utf-8-sig", "ru"),
            ("windows-1251", "ru"),
            ("koi8-r", "ru"),
            ("utf-16", "ru"),
            ("windows-1256", "ar"),
            ("utf-16", "ar"),
        ],
    )
    def test_encodings_of_spreadsheets(self, csv, gold_articles, encoding, language):
        texts = [
            a["text"].encode(encoding, "ignore").decode(encoding).replace('"', "")
            for a in gold_articles
            if a["language"] == language
        ]
        path = csv("outlet,text\n" + "".join(f'Wire,"{text}"\n' for text in texts), encoding)
        articles, rejects = read(path, language=language)
        assert not rejects
        assert [a.text for a in articles] == [text.strip() for text in texts]

    def test_bad_rows_are_rejected_and_the_rest_goes_on(self, csv, monkeypatch):
        monkeypatch.setattr(tables, "SAMPLE_BYTES", 100)  # so that the bad byte lies behind what is looked at
        path = csv("outlet,language,text\n" + "Wire,en,Peace.\n" * 8 + "\n")
        with path.open("ab") as file:
            file.write(b"Wire,en,\xcc\xe8\xf0\nWire,en,a,b\nWire,en\nWire,en,nul\x00byte\n")
        articles, rejects = read(path)
        assert (len(articles), articles[-1].text) == (9, "nulbyte")
        assert rejects == {
            "line 11": "bytes that are not utf-8",
            "line 12": "4 values for 3 columns: an unquoted delimiter or quotation mark?",
            "line 13": "no text",
        }

    def test_a_field_that_never_ends_does_not_take_all_memory(self, csv, monkeypatch):
        monkeypatch.setattr(tables, "LONGEST_LINE", 1000)
        path = csv("outlet,language,text\n" + 'Wire,en,"' + "x" * 5000 + "\nWire,en,Peace.\n")
        articles, rejects = read(path)
        assert ([a.text for a in articles], rejects) == (["Peace."], {"line 2": "longer than 1000 characters"})
        path = csv("outlet,language,text\n" + 'Wire,en,"' + "Wire,en,Peace.\n" * 100)
        articles, rejects = read(path)
        assert (len(articles), list(rejects)) == (99, ["line 2"])
        assert rejects["line 2"].startswith("not CSV: longer than 1000 characters; is a quotation mark not closed")

    def test_a_quotation_mark_that_nothing_closes_costs_its_own_row_only(self, csv):
        path = csv('outlet,language,text\nWire,en,"One.\nWire,en,Two.\nWire,en,"Three,\n\nthree."\nWire,en,"Four.\n')
        articles, rejects = read(path)
        assert [a.text for a in articles] == ["Two.", "Three,\n\nthree."]
        hint = "; is a quotation mark not closed, or one in a value not doubled?"
        assert rejects == {
            "line 2": "not CSV: ',' expected after '\"'" + hint,
            "line 7": "not CSV: unexpected end of data" + hint,
        }

    def test_a_quotation_mark_that_is_not_doubled(self, csv):
        path = csv(
            "outlet,title,text,language\n"
            'Wire,Truce,"They said "no".\nSo it went on, for days.\n\nThen it ended.",en\n'
            "Wire,Truce,Peace.,en\nWire,,Peace.\n"
        )
        articles, rejects = read(path, language="en")
        assert [a.text for a in articles] == ["Peace.", "Peace."]
        assert list(rejects) == ["line 2", "line 3", "line 5"]
        assert rejects["line 3"] == "2 values for 4 columns; part of a row before that is not CSV?"

    def test_a_row_is_called_by_the_line_it_begins_in(self, csv):
        _, rejects = read(csv('outlet,language,text\nWire,en,"One.\n\nTwo."\nWire,tlh,"Three.\n\nFour."\n'))
        assert list(rejects) == ["line 5"]

    def test_bad_quotation_marks_by_the_thousand(self, csv):
        path = csv("outlet,language,text\n" + 'Wire,en,"One.\nWire,en,Two.\n' * 5000)
        articles, rejects = read(path)
        assert (len(articles), len(rejects)) == (5000, 5000)

    def test_rows_that_all_stay_open_to_the_end_are_not_read_again_and_again(self, csv):
        path = csv("outlet,language,text\nWire,en,Peace.\n" + 'x","\n' * 50_000)  # each line closes and opens one
        articles, rejects = read(path)
        assert ([a.text for a in articles], len(rejects)) == (["Peace."], 50_000)
        assert rejects["line 3"].startswith("not CSV: unexpected end of data")

    def test_a_header_without_end_makes_no_message_without_end(self, csv):
        with pytest.raises(UserError, match="no column 'outlet'") as error:
            read(csv(",".join(f"c{n}" for n in range(100_000)) + "\n"))
        assert len(str(error.value)) < 2000

    def test_nul_bytes_in_every_place_spoil_their_own_rows_at_most(self, csv):
        articles, rejects = read(csv("outlet,language,text\nWire,en,Pe\0ace.\n\0\nWire,en,\0\nWire,en,Truce.\n"))
        assert ([a.text for a in articles], list(rejects)) == (["Peace.", "Truce."], ["line 3", "line 4"])

    def test_a_quotation_mark_in_the_header_that_nothing_closes(self, csv):
        with pytest.raises(UserError, match=r"coverage\.csv: line 1 must hold .* not CSV: unexpected end of data"):
            read(csv('outlet,"text\nWire,Peace.\n'))

    def test_a_missing_column_is_named_beside_those_that_exist(self, csv):
        path = csv("outlet,title,body\nWire,Truce,Peace.\n")
        with pytest.raises(UserError, match=r"no column 'text' for text; the file has 'outlet', 'title', 'body'"):
            read(path)
        with pytest.raises(UserError, match=r"coverage\.csv: no column 'link' for url"):
            read(path, columns={"text": "body", "url": "link"})

    def test_without_an_outlet_column_the_source_names_it(self, csv):
        path = csv("text,language\nPeace.,en\n")
        with pytest.raises(UserError, match=r"no column 'outlet'.* or give the source an `outlet`"):
            read(path)
        (article,), _ = read(path, outlet="Wire")
        assert article.outlet == "Wire"

    def test_an_empty_file_has_no_columns(self, csv):
        with pytest.raises(UserError, match="no column"):
            read(csv(""))


class TestParquet:
    def test_rows_with_dates_of_every_type(self, parquet):
        path = parquet("""
            select 'Wire' as outlet, 'en' as language, 'Peace ' || i as body,
                timestamptz '2023-06-15 16:00:00+04' as published_at
            from range(2500) t(i)""")
        articles, rejects = read(path, columns={"text": "body"})
        assert (len(articles), articles[2499].text, rejects) == (2500, "Peace 2499", {})
        assert articles[0].published_at == datetime(2023, 6, 15, 12, tzinfo=UTC)

    def test_bad_rows_are_rejected_and_the_rest_goes_on(self, parquet):
        path = parquet("""
            select * from (values ('Wire', 'Peace.', date '2023-06-15'), ('Wire', null, null), (null, 'Peace.', null))
            t(outlet, text, published_at)""")
        (article,), rejects = read(path, language="en")
        assert article.published_at == datetime(2023, 6, 15, tzinfo=UTC)
        assert rejects == {"row 2": "no text", "row 3": "no outlet"}

    @pytest.mark.parametrize(
        "value",
        [
            "1.5::decimal(5,2)",
            "time '12:00'",
            "'ab'::blob",
            "interval 3 days",
            "uuid()",
            "7",
            "true",
            "[1]",
            "{'a': 1}",
        ],
    )
    def test_a_column_of_another_type_spoils_its_rows_and_nothing_else(self, parquet, value):
        path = parquet(f"select 'Wire' as outlet, 'en' as language, 'Peace.' as text, {value} as published_at")
        _, rejects = read(path)
        assert "is neither ISO 8601 nor RFC 2822" in rejects["row 1"]
        path = parquet(f"select 'Wire' as outlet, 'Peace.' as text, {value} as country")
        _, rejects = read(path, language="en")
        assert rejects["row 1"].startswith("column 'country' holds a")

    @pytest.mark.parametrize("value", ["timestamp 'infinity'", "date '290000-01-01'", "timestamp '0001-01-01'"])
    def test_a_date_out_of_all_measure(self, parquet, value):
        articles, rejects = read(
            parquet(f"select 'Wire' as outlet, 'en' as language, 'Peace.' as text, {value} as published_at")
        )
        assert (articles, list(rejects)) == ([], ["row 1"])

    def test_a_missing_column_is_named_beside_those_that_exist(self, parquet):
        path = parquet("select 'Wire' as outlet, 'Peace.' as body")
        with pytest.raises(UserError, match=r"no column 'text' for text; the file has 'outlet', 'body'"):
            read(path)

    def test_what_is_not_parquet(self, tmp_path):
        (tmp_path / "a.parquet").write_text("outlet,text\n")
        with pytest.raises(UserError, match=r"a\.parquet: cannot be read as Parquet"):
            read(tmp_path / "a.parquet")
