from __future__ import annotations

import os

import crawls
import pytest

from flows.errors import UserError
from flows.settings import FolderSource
from flows.sources import Article, Reject, folders


def read(folder, kind, **settings):
    items = crawls.read(FolderSource(kind=kind, path=folder, outlet="Wire", **settings))
    rejects = {item.item: item.reason for item in items if isinstance(item, Reject)}
    return [item for item in items if isinstance(item, Article)], rejects


def test_a_missing_folder_is_named(tmp_path):
    with pytest.raises(UserError, match="gone: no such folder"):
        read(tmp_path / "gone", "texts")


def test_saved_pages_of_subfolders_in_order(tmp_path, gold_articles, web_page):
    for number, (gold, charset) in enumerate(
        zip(gold_articles[:9:4], ("utf-8", "windows-1251", "windows-1256"), strict=True)
    ):
        (tmp_path / f"{9 - number}").mkdir()
        (tmp_path / f"{9 - number}" / "page.HTM").write_bytes(web_page(gold, charset, "utf-8"))
    (tmp_path / "notes.txt").write_text("not a page")
    articles, rejects = read(tmp_path, "pages")
    assert not rejects
    assert [(a.language, a.url) for a in articles] == [(g["language"], g["url"]) for g in gold_articles[:9:4]][::-1]
    assert {(a.outlet, a.source) for a in articles} == {("Wire", str(tmp_path))}


def save(path, gold, web_page, address):
    path.write_bytes(web_page({**gold, "url": address}))


def test_pages_that_all_name_the_front_page_stay_apart(tmp_path, gold_articles, web_page):
    for number, gold in enumerate(gold_articles[:3]):
        save(tmp_path / f"{number}.html", gold, web_page, "https://site.example/")
    articles, rejects = read(tmp_path, "pages")
    assert ([(a.title, a.url) for a in articles], rejects) == ([(g["title"], None) for g in gold_articles[:3]], {})


def test_another_text_at_the_same_address_is_rejected_and_names_the_first(tmp_path, gold_articles, web_page):
    one, other = gold_articles[:2]
    for name, gold in (("a", one), ("b", one), ("c", other)):
        save(tmp_path / f"{name}.html", gold, web_page, "https://site.example/news/")
    articles, rejects = read(tmp_path, "pages")
    assert [a.text for a in articles] == [one["text"]] * 2
    reason = "gives itself the address of 'a.html', https://site.example/news/, but has another text"
    assert rejects == {"c.html": reason}


def test_a_text_begins_with_its_title(tmp_path):
    (tmp_path / "a.txt").write_bytes(
        "Перемирие\r\n\r\nСтороны договорились прекратить огонь.\r\n".encode("windows-1251")
    )
    (tmp_path / "b.txt").write_text("Стороны договорились прекратить огонь.")
    (first, second), _ = read(tmp_path, "texts")
    assert (first.title, first.text) == ("Перемирие", "Стороны договорились прекратить огонь.")
    assert (second.title, second.text) == ("", first.text)
    assert (first.language, first.url, first.published_at) == ("ru", None, None)


def test_what_holds_no_article_is_rejected_by_its_path(tmp_path, monkeypatch):
    monkeypatch.setattr(folders, "LARGEST_FILE", 1000)
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "blank.txt").write_text(" \n")
    (tmp_path / "large.txt").write_text("x" * 1001)
    (tmp_path / "good.txt").write_text("Truce\nThe two sides agreed to halt all fire.")
    os.mkfifo(tmp_path / "pipe.txt")
    articles, rejects = read(tmp_path, "texts")
    assert len(articles) == 1
    assert rejects == {"large.txt": "larger than 1000 bytes", "pipe.txt": "not a file", "sub/blank.txt": "empty"}


def test_a_page_without_an_article_is_rejected(tmp_path):
    (tmp_path / "a.html").write_text("<html><body><p>Moved.</p></body></html>")
    _, rejects = read(tmp_path, "pages")
    assert "no article on the page" in rejects["a.html"]


def test_links_that_lead_out_of_the_folder_are_not_followed(tmp_path):
    inside, outside = tmp_path / "inside", tmp_path / "outside"
    inside.mkdir()
    outside.mkdir()
    (outside / "secret.txt").write_text("Secret\nThe two sides agreed to halt all fire.")
    (inside / "good.txt").write_text("Truce\nThe two sides agreed to halt all fire.")
    (inside / "out.txt").symlink_to(outside / "secret.txt")
    (inside / "folder").symlink_to(outside, target_is_directory=True)
    (inside / "same.txt").symlink_to(inside / "good.txt")
    (inside / "dangling.txt").symlink_to(inside / "gone")
    articles, rejects = read(inside, "texts")
    assert [a.title for a in articles] == ["Truce", "Truce"]
    assert rejects == {
        "dangling.txt": "cannot be read: No such file or directory",
        "out.txt": "a link that leads out of the folder",
    }


def test_a_name_that_is_not_text_can_still_be_reported(tmp_path):
    (tmp_path / os.fsdecode(b"\xcc\xe8.txt")).touch()
    _, rejects = read(tmp_path, "texts")
    assert rejects == {"\ufffd\ufffd.txt": "empty"}
