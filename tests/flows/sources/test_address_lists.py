"""Lists of addresses: plain ones, GDELT's and Media Cloud's."""

from __future__ import annotations

import json
import zipfile

import pytest

from flows.errors import UserError


def test_the_pages_of_a_plain_list_are_fetched_once(bring, site, pages, tmp_path):
    path = tmp_path / "list.txt"
    path.write_text("# the desk's list\n\n" + "\n".join([*pages, pages[0] + "#again", "ftp://x.example/", "no"]) + "\n")
    articles, rejects = bring(kind="urls", path=path)
    assert [article.language for article in articles] == ["en", "ru", "ar"]
    assert {article.outlet for article in articles} == {"Loopback"}
    assert [item for item, _ in rejects] == ["line 7", "line 8"]
    assert "is not an http or https address" in rejects[0][1]
    site.requests.clear()
    assert bring(kind="urls", path=path)[0] == []
    assert site.asked() == []


def test_a_page_that_is_gone_is_not_asked_for_again_one_that_is_not_there_for_now_is(bring, site, tmp_path):
    gone, busy = site.add("/gone", "nothing", 410), site.add("/busy", "later", 503, Retry_After="9999")
    path = tmp_path / "list.txt"
    path.write_text(f"{gone}\n{busy}\n")
    assert [item for item, _ in bring(kind="urls", path=path)[1]] == [gone, busy]
    site.requests.clear()
    assert [item for item, _ in bring(kind="urls", path=path)[1]] == [busy]
    assert site.asked() == ["/busy"]


def test_who_is_in_no_list_of_outlets_is_named_after_the_domain_and_marked(bring, pages, tmp_path):
    (tmp_path / "list.txt").write_text(pages[0])
    ((article,), _) = bring(listed=False, kind="urls", path=tmp_path / "list.txt")
    assert (article.outlet, article.named_by) == ("127.0.0.1", "domain")


def test_gdelts_list_of_articles_is_read_as_json_and_as_csv(bring, site, gold_articles, web_page, pages, tmp_path):
    articles = [
        {"url": page, "title": "T", "seendate": "20240301T120000Z", "language": language, "domain": "x"}
        for page, language in zip(pages, ("English", "Russian", "Arabic"), strict=True)
    ]
    (tmp_path / "a.json").write_text(
        json.dumps({"articles": [*articles, {"url": pages[0] + "?x", "language": "French"}]})
    )
    found, rejects = bring(kind="gdelt", path=tmp_path / "a.json")
    assert [article.language for article in found] == ["en", "ru", "ar"]
    assert rejects == [("article 4", "language 'french' is none of en, ru, ar")]

    other = site.add("/other", web_page(gold_articles[1]))
    (tmp_path / "a.csv").write_text(f"\ufeffURL,MobileURL,Date,Title\n{other},,2024-03-01 12:00:00,T\n")
    found, rejects = bring(kind="gdelt", path=tmp_path / "a.csv")
    assert (len(found), rejects) == (1, [])


def test_gdelts_json_may_be_empty_and_have_backslashes_that_stand_for_nothing(bring, pages, tmp_path):
    (tmp_path / "none.json").write_text("{}")
    assert bring(kind="gdelt", path=tmp_path / "none.json") == ([], [])
    odd = r'{"articles": [{"url": "PAGE", "title": "It\'s a\-b \u0041", "language": "English"}]}'
    (tmp_path / "odd.json").write_text(odd.replace("PAGE", pages[0]))
    assert len(bring(kind="gdelt", path=tmp_path / "odd.json")[0]) == 1


def test_another_file_of_gdelts_is_not_taken_for_its_knowledge_graph(bring, tmp_path):
    (tmp_path / "export.CSV").write_text("\t".join(map(str, range(61))) + "\n")
    assert bring(kind="gdelt", path=tmp_path / "export.CSV")[1] == [
        ("line 1", "61 columns, a file of the knowledge graph has 27")
    ]


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_packed_file_that_may_unpack_without_end_is_refused(bring, tmp_path, method):
    with zipfile.ZipFile(tmp_path / "a.zip", "w", method) as archive:
        archive.writestr("a", b"x" * 1000)
    with pytest.raises(UserError, match="unpack it first"):
        bring(kind="gdelt", path=tmp_path / "a.zip")


def test_a_packed_file_that_unpacks_to_a_hundred_times_its_size_is_refused(bring, tmp_path):
    with zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a", b"\n" * 20_000_000)
    with pytest.raises(UserError, match="unpacks to more than 100 times its size"):
        bring(kind="gdelt", path=tmp_path / "a.zip")


def test_a_packed_file_in_a_packed_file_is_not_unpacked(bring, tmp_path):
    with zipfile.ZipFile(tmp_path / "in.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a", b"\n" * 20_000_000)
    with zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_STORED) as archive:
        archive.write(tmp_path / "in.zip", "in.zip")
    with pytest.raises(UserError, match="no column url") as error:
        bring(kind="gdelt", path=tmp_path / "a.zip")
    assert len(str(error.value)) < 2000


def test_a_packed_file_that_is_damaged_is_told(bring, tmp_path):
    with zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a", "".join(f"https://x.example/{n}\n" for n in range(10_000)))
    data = bytearray((tmp_path / "a.zip").read_bytes())
    data[100:140] = b"\0" * 40
    (tmp_path / "a.zip").write_bytes(bytes(data))
    with pytest.raises(UserError, match="cannot be unpacked"):
        bring(kind="gdelt", path=tmp_path / "a.zip")


def test_a_packed_file_whose_parts_are_not_where_it_says_is_told(bring, tmp_path):
    with zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a", "https://x.example/")
    data = (tmp_path / "a.zip").read_bytes()
    (tmp_path / "a.zip").write_bytes(data[:-6] + (500).to_bytes(4, "little") + data[-2:])  # where its index begins
    with pytest.raises(UserError, match=r"a\.zip: cannot be unpacked"):
        bring(kind="gdelt", path=tmp_path / "a.zip")


def test_a_row_that_is_no_csv_is_a_reject_and_those_around_it_are_read(bring, site, pages, tmp_path):
    rows = ["url,title", f"{pages[0]},a", f'{pages[1]},"never closed', f"{pages[2]},c"]
    (tmp_path / "m.csv").write_text("\n".join(rows) + "\n")
    found, rejects = bring(kind="mediacloud", path=tmp_path / "m.csv")
    assert {article.language for article in found} >= {"en", "ar"}
    assert [item for item, _ in rejects] == ["line 3"]


def test_who_a_page_is_found_at_after_redirects_publishes_it(bring, site, pages, tmp_path):
    site.add("/short", "", 301, Location=pages[0])
    (tmp_path / "list.txt").write_text(site.address.replace("127.0.0.1", "localhost") + "/short")
    ((article,), _) = bring(kind="urls", path=tmp_path / "list.txt")
    assert (article.outlet, article.named_by) == ("Loopback", None)


def test_gdelts_knowledge_graph_is_read_packed_and_what_is_no_page_is_left_out(bring, pages, tmp_path):
    row = "\t".join(["20240301-0", "20240301120000", "{}", "x.example", "{}", *[""] * 22])
    lines = [row.format(1, pages[0]), row.format(2, "BBC Monitoring"), "cut\tshort", row.format(1, pages[1])]
    with zipfile.ZipFile(tmp_path / "a.gkg.csv.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.gkg.csv", "\n".join(lines))
    found, rejects = bring(kind="gdelt", path=tmp_path / "a.gkg.csv.zip")
    assert [article.language for article in found] == ["en", "ru"]
    assert rejects == [("line 3", "2 columns, a file of the knowledge graph has 27")]


def test_media_clouds_export_names_outlets_that_no_list_has(bring, pages, tmp_path):
    rows = [f'1,2024-03-02,ru,Вестник,http://x,2024-03-01,"Мир, война",{pages[1]}', "2,,en,Wire,http://x,,T,nonsense"]
    head = "id,indexed_date,language,media_name,media_url,publish_date,title,url"
    (tmp_path / "m.csv").write_text("\n".join([head, *rows]), "utf-8")
    ((article,), rejects) = bring(listed=False, kind="mediacloud", path=tmp_path / "m.csv")
    assert (article.outlet, article.named_by, article.language) == ("Вестник", "list", "ru")
    assert [item for item, _ in rejects] == ["line 3"]


@pytest.mark.parametrize(
    ("kind", "data", "told"),
    [
        ("urls", None, "no such file; check `path` of this urls source"),
        ("mediacloud", b"a,b\n1,2\n", "no column url; it has 'a', 'b'"),
        ("mediacloud", b"", "no column url; it has none"),
        ("gdelt", b'{"error": 1}', "no list of articles as GDELT's DOC service gives it"),
        ("gdelt", b'{"articles": ' + b"[" * 100_000, "no list of articles"),
        ("gdelt", b"{" + b" " * 11_000_000 + b"}", "larger than 10000000 bytes"),
        ("gdelt", b"PK\x03\x04" + b"\0" * 40, "no column url"),
    ],
)
def test_what_is_no_such_list_is_told(bring, tmp_path, kind, data, told):
    path = tmp_path / "list"
    if data is not None:
        path.write_bytes(data)
    with pytest.raises(UserError, match=told):
        bring(kind=kind, path=path)


def test_a_line_without_end_and_bytes_that_are_no_text_are_rejects_and_the_rest_goes_on(bring, pages, tmp_path):
    path = tmp_path / "list.txt"
    path.write_bytes(b"x" * 3_000_000 + b"\n\xff\xfe\0\n" + pages[0].encode())
    found, rejects = bring(kind="urls", path=path)
    assert len(found) == 1
    assert [item for item, _ in rejects] == ["line 1", "line 2"]
    assert rejects[0][1] == "longer than 1000000 bytes"
