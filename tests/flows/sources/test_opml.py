"""Lists of feeds as feed readers export them."""

from __future__ import annotations

import pytest

from flows.errors import UserError
from storage import WHOLE_SOURCE


def feed(*links: str) -> str:
    items = "".join(f"<item><title>T</title><link>{link}</link></item>" for link in links)
    return f'<rss version="2.0"><channel><title>T</title>{items}</channel></rss>'


def test_each_feed_is_read_and_one_that_cannot_be_is_a_reject_of_its_own(bring, site, pages, tmp_path):
    one, other = site.add("/one", feed(pages[0])), site.add("/other", feed(pages[1]))
    (tmp_path / "feeds.opml").write_text(
        f"""<?xml version="1.0" encoding="utf-8"?><opml version="2.0"><body><outline text="World">
        <outline type="rss" text="Wire" xmlUrl="{one}" htmlUrl="https://www.wire.example/"/>
        <outline type="rss" text="Вестник" language="ru-RU" xmlUrl="{other}" htmlUrl="https://vestnik.example/"/>
        <outline type="rss" text="Gone" xmlUrl="{site.address}/gone"/>
        <outline type="rss" text="Odd" xmlUrl="file:///etc/passwd"/>
        </outline></body></opml>""",
        "utf-8",
    )
    found, rejects = bring(kind="opml", path=tmp_path / "feeds.opml")
    assert [(article.outlet, article.named_by) for article in found] == [("Example Wire", None), ("Loopback", None)]
    assert sorted(rejects) == [
        ("feed 4", "'file:///etc/passwd' is not an http or https address"),
        (WHOLE_SOURCE, "the host answered 404"),
    ]


def test_a_feed_that_no_list_of_outlets_has_is_named_as_its_own_list_names_it(bring, site, pages, tmp_path):
    outline = f'<outline title="Вестник" xmlUrl="{site.add("/one", feed(pages[1]))}" htmlUrl="https://v.example/"/>'
    (tmp_path / "feeds.opml").write_text(f"<opml><body>{outline}</body></opml>", "utf-8")
    ((article,), _) = bring(listed=False, kind="opml", path=tmp_path / "feeds.opml")
    assert (article.outlet, article.named_by) == ("Вестник", "feed")


def test_odd_addresses_of_sites_do_no_harm_and_a_feed_in_two_folders_is_read_once(bring, site, pages, tmp_path):
    one, other = site.add("/one", feed(pages[0])), site.add("/other", feed(pages[0], pages[1]))
    outlines = [("http://[x", one, "A"), ("/", other, ""), ("www.wire.example", one, "again")]
    lines = "".join(f'<outline text="{text}" xmlUrl="{feed}" htmlUrl="{home}"/>' for home, feed, text in outlines)
    (tmp_path / "feeds.opml").write_text(f"<opml><body>{lines}</body></opml>")
    found, rejects = bring(kind="opml", path=tmp_path / "feeds.opml")
    assert [(article.outlet, article.language) for article in found] == [("Loopback", "en"), ("Loopback", "ru")]
    assert rejects == []
    assert site.asked().count("/one") == 1


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (None, "no such file"),
        (b"", "not OPML"),
        (b"<rss/>", "not OPML: its root is <rss>"),
        (b"<opml><body>" + b"<outline>" * 100_000, "not OPML"),
    ],
)
def test_what_is_no_such_list_is_told(bring, tmp_path, data, told):
    path = tmp_path / "feeds.opml"
    if data is not None:
        path.write_bytes(data)
    with pytest.raises(UserError, match=told):
        bring(kind="opml", path=path)
