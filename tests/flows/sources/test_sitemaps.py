"""Sitemaps, also those for news, packed ones and indexes."""

from __future__ import annotations

import gzip

import pytest

from flows.sources import sitemaps
from storage import WHOLE_SOURCE

NAMESPACES = (
    'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'
)


def sitemap(*entries: str, kind: str = "urlset", head: str = "") -> str:
    return f'<?xml version="1.0" encoding="UTF-8"?>{head}<{kind} {NAMESPACES}>{"".join(entries)}</{kind}>'


def url(address: str, more: str = "") -> str:
    return f"<url><loc> {address} </loc>{more}</url>"


def test_the_newest_pages_are_read_and_none_twice(bring, site, pages):
    days = [f"<lastmod>2024-03-0{day}</lastmod>" for day in (1, 3, 2)]
    address = site.add("/sitemap.xml", sitemap(*map(url, pages, days)))
    found, rejects = bring(kind="sitemap", url=address, newest=2)
    assert [article.url.rsplit("/", 1)[0] for article in found] and len(found) == 2
    assert [article.language for article in found] == ["ru", "ar"]
    assert rejects == []
    site.requests.clear()
    assert bring(kind="sitemap", url=address, newest=2)[0] == []
    assert site.asked() == ["/sitemap.xml"]


def test_a_sitemap_for_news_names_outlet_language_and_title(bring, site, pages):
    news = (
        "<news:news><news:publication><news:name>Вестник</news:name><news:language>ru</news:language></news:publication>"
        "<news:publication_date>2024-03-01T10:00:00+03:00</news:publication_date><news:title>T</news:title></news:news>"
    )
    address = site.add("/news.xml", sitemap(url(pages[1], news)))
    ((article,), _) = bring(listed=False, kind="sitemap", url=address)
    assert (article.outlet, article.named_by, article.language) == ("Вестник", "sitemap", "ru")
    address = site.add("/other.xml", sitemap(url(pages[2], news)))
    ((article,), _) = bring(kind="sitemap", url=address, outlet="Mine", language="ar")
    assert (article.outlet, article.named_by) == ("Mine", None)


def test_an_index_leads_to_its_sitemaps_packed_ones_too_on_the_same_host(bring, site, pages):
    packed = site.add("/a.xml.gz", gzip.compress(sitemap(url(pages[0])).encode()), Content_Type="application/gzip")
    plain = site.add("/b.xml", sitemap(url(pages[2])))
    named = [
        f"<sitemap><loc>{place}</loc></sitemap>"
        for place in (packed, plain, "http://x.example/c.xml", site.address + "/no")
    ]
    found, rejects = bring(kind="sitemap", url=site.add("/index.xml", sitemap(*named, kind="sitemapindex")))
    assert sorted(article.language for article in found) == ["ar", "en"]
    assert [(item, reason) for item, reason in rejects] == [
        ("http://x.example/c.xml", "a sitemap of another host"),
        (site.address + "/no", "the host answered 404"),
    ]


def test_of_an_index_the_newest_come_first_and_one_within_another_is_a_reject(bring, site, pages, monkeypatch):
    monkeypatch.setattr(sitemaps, "MOST_SITEMAPS", 2)
    inner = site.add("/inner.xml", sitemap(f"<sitemap><loc>{site.address}/x</loc></sitemap>", kind="sitemapindex"))
    places = [site.add("/old.xml", sitemap(url(pages[0]))), site.add("/new.xml", sitemap(url(pages[1]))), inner]
    dates = ("2023-01-01", "2024-03-02", "2024-03-01")
    named = [
        f"<sitemap><loc>{place}</loc><lastmod>{day}</lastmod></sitemap>"
        for place, day in zip(places, dates, strict=True)
    ]
    found, rejects = bring(kind="sitemap", url=site.add("/index.xml", sitemap(*named, kind="sitemapindex")))
    assert [article.language for article in found] == ["ru"]
    assert rejects == [(inner, "an index within an index"), ("its sitemaps", "3; only the newest 2 are read")]


def test_names_without_a_declared_namespace_and_those_of_pictures_do_no_harm(bring, site, pages):
    picture = f"<image:image><image:loc>{pages[2]}</image:loc><image:title>No</image:title></image:image>"
    news = "<news:news><news:title>T</news:title><news:language>xx</news:language></news:news>"
    body = f"<urlset><url>{picture}<loc>{pages[0]}</loc>{news}</url></urlset>"
    found, rejects = bring(kind="sitemap", url=site.add("/s.xml", body))
    assert ([article.language for article in found], rejects) == (["en"], [])


def test_nobody_takes_the_name_of_an_outlet_that_is_listed(bring, site, pages):
    news = "<news:news><news:publication><news:name>Example Wire</news:name></news:publication></news:news>"
    ((article,), _) = bring(kind="sitemap", url=site.add("/s.xml", sitemap(url(pages[0], news))))
    assert article.outlet == "Loopback"


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (b"<html><body>Sitemap</body></html>", "not a sitemap; is it the address of a page?"),
        (b"not xml at all", "not a sitemap"),
        (b"", "not a sitemap"),
        (b"\x1f\x8bbroken", "compressed wrongly"),
        (gzip.compress(b" " * 60_000_000, mtime=0), "larger than 50000000 bytes"),
        (b"<urlset>" + b"<a/>" * 1_100_000, "more than 1000000 elements"),
    ],
)
def test_what_is_no_sitemap_is_a_reject_of_the_whole(bring, site, body, told):
    found, ((item, reason),) = bring(kind="sitemap", url=site.add("/sitemap.xml", body))
    assert (found, item) == ([], WHOLE_SOURCE)
    assert reason.startswith(told)


def test_entities_are_not_replaced_and_a_bomb_of_them_is_a_reject_of_the_whole(bring, site, pages):
    entities = "<!DOCTYPE x [<!ENTITY file SYSTEM 'file:///etc/passwd'><!ENTITY a0 '0123456789'>{}]>"
    address = site.add("/s.xml", sitemap(url("http://x.example/&file;"), url(pages[0]), head=entities.format("")))
    found, rejects = bring(kind="sitemap", url=address)
    assert len(found) == 1 and not any("root" in item + reason for item, reason in rejects)

    grown = "".join(f"<!ENTITY a{n} '{f'&a{n - 1};' * 20}'>" for n in range(1, 12))
    address = site.add("/bomb.xml", sitemap(url("http://x.example/&a11;"), url(pages[1]), head=entities.format(grown)))
    found, ((item, reason),) = bring(kind="sitemap", url=address)
    assert (found, item) == ([], WHOLE_SOURCE)
    assert "amplification" in reason
