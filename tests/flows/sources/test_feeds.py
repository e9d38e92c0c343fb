from __future__ import annotations

from datetime import UTC, datetime
from xml.sax.saxutils import escape

import crawls
import pytest

from flows.fetching import FetchState
from flows.settings import FeedSource
from flows.sources import Article, Reject, Settled, feeds
from storage import WHOLE_SOURCE

PUBLISHED = "Thu, 15 Jun 2023 14:30:00 +0200"


def rss(*entries: dict[str, str], head: str = "", charset: str = "utf-8") -> bytes:
    items = "".join(
        "<item>" + "".join(f"<{name}>{escape(value)}</{name}>" for name, value in entry.items()) + "</item>"
        for entry in entries
    )
    document = f'<?xml version="1.0" encoding="{charset}"?>{head}<rss version="2.0"><channel><title>T</title>{items}'
    return (document + "</channel></rss>").encode(charset)


def atom(*links: str) -> bytes:
    entries = "".join(
        f'<entry><title type="html">A &lt;b&gt;truce&lt;/b&gt;</title><link rel="alternate" href="{link}"/>'
        f'<link rel="enclosure" href="/sound.mp3"/><updated>2023-06-15T12:30:00Z</updated></entry>'
        for link in links
    )
    return f'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en"><title>T</title>{entries}</feed>'.encode()


@pytest.fixture
def read(site):
    """Reads the feed at a path as a run would, remembering the states that earlier runs in the test have yielded."""
    memory: dict[str, FetchState] = {}

    def run(path: str = "/feed", *, stop_after: int | None = None, **settings):
        source = FeedSource(kind="feed", url=site.address + path, outlet="Wire")
        site.requests.clear()
        stream = crawls.read(source, None, memory, stop_after, **settings)
        memory.update({item.url: item for item in stream if isinstance(item, FetchState)})
        return stream

    return run


@pytest.fixture
def gold(gold_articles):
    """An article in English, one in Russian and one in Arabic."""
    return gold_articles[0], gold_articles[4], gold_articles[8]


def of_type(stream, kind):
    return [item for item in stream if isinstance(item, kind)]


def kept(stream):
    """The stream without what it settles."""
    return [item for item in stream if not isinstance(item, Settled)]


def reasons(stream):
    return {item.item.rpartition("/")[2]: item.reason for item in of_type(stream, Reject)}


@pytest.fixture
def pages(site, gold, web_page):
    """The three articles as pages in three encodings, the last declaring none and the second a wrong one."""
    english, russian, arabic = gold
    site.add("/en", web_page(english), Content_Type="text/html; charset=utf-8")
    site.add("/ru", web_page(russian, "windows-1251", "utf-8"), Content_Type="text/html; charset=utf-8")
    site.add("/ar", web_page(arabic, "windows-1256", "iso-8859-1"), Content_Type="text/html")
    return ["/en", "/ru", "/ar"]


@pytest.mark.parametrize("kind", ["rss", "atom"])
def test_each_page_gives_its_article_and_then_its_state_and_last_comes_the_state_of_the_feed(
    site, read, pages, gold, kind
):
    body = rss(*({"link": page} for page in pages)) if kind == "rss" else atom(*pages)
    feed = site.add("/feed", body, ETag='"1"')
    stream = kept(read())
    articles = stream[:6:2]
    assert [a.title for a in articles] == [g["title"] for g in gold]
    assert [a.language for a in articles] == ["en", "ru", "ar"]
    assert articles[0].text == gold[0]["text"]
    assert articles[1].text == gold[1]["text"].encode("windows-1251", "ignore").decode("windows-1251")
    assert {(a.outlet, a.source) for a in articles} == {("Wire", feed)}
    assert stream[1::2] == [FetchState(site.address + page, None, None, 200) for page in pages]
    assert stream[6:] == [FetchState(feed, '"1"', None, 200)]


def test_a_feed_that_has_not_changed_costs_one_request(site, read, pages):
    site.add("/feed", rss(*({"link": page} for page in pages)), ETag='"1"')
    assert read()
    assert read() == []
    assert site.asked() == ["/feed"]


def test_of_a_feed_that_has_changed_only_new_pages_are_fetched(site, read, pages):
    site.add("/feed", rss({"link": "/en"}))
    site.add("/feed", rss({"link": "/ru"}, {"link": "/en"}))
    read()
    assert [a.language for a in of_type(read(), Article)] == ["ru"]
    assert site.asked() == ["/feed", "/ru"]


def test_bad_pages_are_rejected_and_the_rest_goes_on(site, read, pages):
    site.add("/index", "<html><body><p>Nothing to read here.</p></body></html>")
    site.add("/report", b"%PDF-1.7", Content_Type="application/pdf")
    site.add("/robots.txt", "User-agent: *\nDisallow: /members\n")
    links = ["/gone", "/index", "/report", "/members", "mailto:desk@news.example", "http://[::1", "/en"]
    site.add("/feed", rss(*({"link": link} for link in links), {"title": "no link"}))
    stream = read()
    assert len(of_type(stream, Article)) == 1
    assert reasons(stream) == {
        "gone": "the host answered 404",
        "index": "no article on the page (text of 21 characters, 150 are needed)",
        "report": "not a page but application/pdf",
        "members": "robots.txt of the host forbids it",
        "entry 5": "'mailto:desk@news.example' is not an http or https address",
        "entry 6": "no link",
        "entry 8": "no link",
    }
    states = {state.url.rpartition("/")[2]: state.status for state in of_type(stream, FetchState)}
    assert states == {"gone": 404, "index": 200, "report": 200, "members": None, "en": 200, "feed": 200}


def test_a_page_that_failed_for_now_is_asked_for_again_though_the_feed_has_not_changed(site, read, pages):
    site.add("/late", status=500)
    site.add("/feed", rss({"link": "/late"}, {"link": "/ru"}), ETag='"1"')
    stream = read(retries=0)
    assert reasons(stream) == {"late": "the host answered 500"}
    assert [state.url for state in of_type(stream, FetchState)] == [site.address + "/ru"]
    site.pages["/late"] = site.pages["/en"]
    stream = read(retries=0)
    assert [a.language for a in of_type(stream, Article)] == ["en"]
    assert stream[-1].url == site.address + "/feed"
    assert site.asked() == ["/feed", "/late"]
    assert read() == []


def test_a_page_that_recovers_at_once_is_not_even_rejected(site, read, pages, gold, web_page):
    site.add("/late", status=500)
    site.add("/late", web_page(gold[0]))
    site.add("/feed", rss({"link": "/late"}))
    assert [type(item) for item in kept(read())] == [Article, FetchState, FetchState]


def test_a_page_that_gives_its_article_settles_the_address_it_was_asked_for_at(site, read, gold, web_page):
    site.add("/amp", web_page(gold[0] | {"url": site.address + "/full"}))
    site.add("/index", "<html><body><p>Nothing to read here.</p></body></html>")
    site.add("/feed", rss({"link": "/amp"}, {"link": "/index"}, {"link": "/gone"}))
    stream = read()
    (article,) = of_type(stream, Article)
    assert article.url == site.address + "/full"
    _, settled = of_type(stream, Settled)
    assert settled == Settled(None, (site.address + "/amp",)) == stream[stream.index(article) + 1]


def test_a_feed_that_is_read_settles_what_was_wrong_with_its_entries(site, read, pages):
    feed = site.add("/feed", rss({"title": "no link"}, {"link": "/en"}), ETag='"1"')
    settled, reject, *_ = read()
    assert settled == Settled(feed, "all but pages") and reject.item == "entry 1"
    assert read() == []  # it has not changed, so neither has what is wrong with its entries


@pytest.mark.parametrize("stop_after", range(1, 11))
def test_a_run_stopped_anywhere_is_made_up_for(site, read, pages, stop_after):
    site.add("/feed", rss(*({"link": page} for page in pages)), ETag='"1"')
    stream = read(stop_after=stop_after) + read()
    assert {a.language for a in of_type(stream, Article)} == {"en", "ru", "ar"}
    assert read() == []


def test_the_same_page_twice_is_fetched_once(site, read, pages):
    links = ["/en", "/en?utm_source=rss#top", site.address.upper().replace("HTTP", "http") + "/en"]
    site.add("/feed", rss(*({"link": link} for link in links)))
    assert len(of_type(read(), Article)) == 1
    assert site.asked() == ["/feed", "/en"]


def test_links_are_relative_to_where_the_feed_was_found(site, read, pages):
    site.add("/feed", status=301, Location="/new/place/feed")
    site.add("/new/place/feed", rss({"link": "../../en"}))
    stream = read()
    assert of_type(stream, Article)
    assert stream[-1].url == site.address + "/feed"


def test_no_more_than_so_many_entries_are_read(site, read, pages, monkeypatch):
    monkeypatch.setattr(feeds, "MOST_ENTRIES", 2)
    site.add("/feed", rss(*({"link": page} for page in pages)))
    stream = read()
    assert reasons(stream) == {"its entries": "3; only the first 2 are read"}
    assert len(of_type(stream, Article)) == 2


class TestWhatTheFeedSays:
    ARTICLE = (
        f"<article>{''.join(f'<p>Side {n} agreed to halt all fire along its border.</p>' for n in range(9))}</article>"
    )

    def article(self, site, read, page, **entry):
        site.add("/page", f"<html>{page}{self.ARTICLE}</html>")
        site.add("/feed", rss({"link": "/page", **entry}))
        (article,) = of_type(read(), Article)
        return article

    def test_title_and_date_stand_in_for_those_of_the_page(self, site, read):
        article = self.article(site, read, "", title="A <i>truce</i> &amp; more", pubDate=PUBLISHED)
        assert article.title == "A truce & more"
        assert article.published_at == datetime(2023, 6, 15, 12, 30, tzinfo=UTC)

    def test_a_moment_beats_a_mere_day(self, site, read):
        day = '<head><meta name="date" content="2023-06-15"></head>'
        assert self.article(site, read, day, pubDate=PUBLISHED).published_at.hour == 12

    def test_the_moment_on_the_page_beats_that_of_the_feed(self, site, read):
        moment = '<head><meta property="article:published_time" content="2023-06-15T09:00:00Z"></head>'
        assert self.article(site, read, moment, pubDate=PUBLISHED).published_at.hour == 9

    @pytest.mark.parametrize("date", ["last week", "0001-01-01T00:00:00Z", "Fri, 01 Jan 2100 00:00:00 GMT"])
    def test_a_date_nobody_understands_is_no_date(self, site, read, date):
        assert self.article(site, read, "", pubDate=date).published_at is None

    @pytest.mark.parametrize("own", ["http://other.example/a", "{}/", "not an address"])
    def test_an_address_that_cannot_be_the_pages_own_is_not_believed(self, site, read, own):
        link = f'<link rel="canonical" href="{own.format(site.address)}">'
        assert self.article(site, read, f"<head>{link}</head>").url == site.address + "/page"

    def test_a_front_page_is_no_articles_address(self, site, read):
        site.add("/gone", status=302, Location="/")
        site.add("/", f"<html>{self.ARTICLE}</html>")
        site.add("/feed", rss({"link": "/gone"}))
        (article,) = of_type(read(), Article)
        assert article.url is None

    def test_a_page_may_name_its_own_address(self, site, read):
        article = self.article(site, read, f'<head><link rel="canonical" href="{site.address}/page/full"></head>')
        assert article.url == site.address + "/page/full"


class TestFeedsThatAreDifficult:
    def entries(self, site, read, body, **headers):
        site.add("/feed", body, **headers)
        return [(a.title, a.url.rpartition("/")[2]) for a in of_type(read(), Article)]

    @pytest.mark.parametrize(
        "http", ["application/rss+xml", "text/xml; charset=windows-1251", "text/xml; charset=utf-8"]
    )
    @pytest.mark.parametrize("declared", ["windows-1251", "utf-8"])
    def test_a_feed_in_a_legacy_encoding(self, site, read, http, declared):
        site.add("/page", TestWhatTheFeedSays.ARTICLE)
        body = rss({"link": "/page", "title": "Перемирие на границе"}, charset="windows-1251")
        body = body.replace(b"windows-1251", declared.encode(), 1)
        assert self.entries(site, read, body, Content_Type=http) == [("Перемирие на границе", "page")]

    def test_a_feed_that_is_not_well_formed(self, site, read):
        site.add("/page", TestWhatTheFeedSays.ARTICLE)
        body = rss({"link": "/page", "title": "Truce"}).replace(b"</channel></rss>", b"<broken & ")
        assert self.entries(site, read, body) == [("Truce", "page")]

    def test_entities_do_not_expand_without_end(self, site, read):
        site.add("/page", TestWhatTheFeedSays.ARTICLE)
        lines = ["<!ENTITY a0 'ha'>", *(f"<!ENTITY a{n} '{f'&a{n - 1};' * 10}'>" for n in range(1, 10))]
        lines += ["<!ENTITY file SYSTEM 'file:///etc/passwd'>"]
        body = rss({"link": "/page", "title": "Truce ENTITIES"}, head=f"<!DOCTYPE rss [{''.join(lines)}]>")
        ((title, _),) = self.entries(site, read, body.replace(b"ENTITIES", b"&a9; &file;"))
        assert title.startswith("Truce") and len(title) < 100 and "root:" not in title

    @pytest.mark.parametrize(
        "body",
        [
            b"",
            b"<html><body><p>A page</p></body></html>",
            b"/etc/passwd",
            b'{"version": "https://jsonfeed.org"}',
            b"\xff\x00\xfe",
        ],
    )
    def test_what_is_no_feed_is_rejected_and_read_again_next_time(self, site, read, body):
        feed = site.add("/feed", body)
        assert read() == [Reject(feed, WHOLE_SOURCE, "not an RSS or Atom feed; is it the address of a page?")]

    def test_a_feed_without_entries_is_a_feed(self, site, read):
        feed = site.add("/feed", rss())
        assert kept(read()) == [FetchState(feed, None, None, 200)]

    @pytest.mark.parametrize("status", [404, 500])
    def test_a_feed_that_cannot_be_had(self, site, read, status):
        feed = site.add("/feed", status=status)
        assert read(retries=0) == [Reject(feed, WHOLE_SOURCE, f"the host answered {status}")]

    def test_a_feed_on_a_private_address(self, site, read):
        site.add("/feed", rss())
        (reject,) = read(allow_private=False)
        assert "not a public address" in reject.reason and site.requests == []
