"""The HTML report in a real browser: for any reader, and no script from the news runs, no request leaves."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, ViewportSize, expect, sync_playwright

from flows.reports import write_report
from storage import Warehouse

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="needs chromium to open the report in")
LAPTOP, PHONE = ViewportSize(width=1280, height=800), ViewportSize(width=390, height=844)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        yield playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])


@dataclass
class Reader:
    """A page, with what it asked for over the network and what it told the console."""

    page: Page
    requests: list[str] = field(default_factory=list)
    console: list[str] = field(default_factory=list)

    def open(self, path: Path) -> Page:
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("console", lambda message: self.console.append(message.text))
        self.page.on("pageerror", lambda error: self.console.append(str(error)))
        self.page.goto(path.as_uri())
        return self.page

    @property
    def left(self) -> list[str]:
        """Requests for anything but the file itself."""
        return [url for url in self.requests if not url.startswith(("file:", "data:"))]


@pytest.fixture
def reader(browser: Browser) -> Iterator[Reader]:
    with browser.new_context(viewport=LAPTOP, offline=True) as context:
        yield Reader(context.new_page())


@pytest.fixture(scope="module")
def report(enclave: Warehouse, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("report") / "report.html"
    write_report(enclave, "html", out=out)
    return out


def test_this_browser_would_tell_of_scripts_and_requests(reader: Reader, tmp_path: Path) -> None:
    naive = tmp_path / "naive.html"
    naive.write_text(
        '<script>document.title="owned"; console.error("owned")</script><img src=http://tracker.example/x>'
    )
    assert reader.open(naive).title() == "owned"
    assert "owned" in reader.console
    assert reader.left == ["http://tracker.example/x"]


def test_hostile_news_runs_nothing_and_asks_for_nothing(reader: Reader, hostile: Warehouse, tmp_path: Path) -> None:
    out = tmp_path / "report.html"
    write_report(hostile, "html", out=out)
    page = reader.open(out)
    assert page.title() != "owned" and page.locator("img").count() == 0
    for place in ("h1", "svg", ".keyness", ".naming", ".claim", ".source"):
        expect(page.locator(place).first).to_contain_text('<script>document.title="owned"')
    assert (reader.console, reader.left) == ([], [])


def test_the_report_opens_clean(reader: Reader, report: Path) -> None:
    page = reader.open(report)
    expect(page.locator(".facts")).to_contain_text("9 articles by 9 outlets")
    assert (reader.console, reader.left) == ([], [])


def test_words_and_outlets_filter_claims_and_their_rows(reader: Reader, report: Path) -> None:
    page = reader.open(report)
    page.get_by_role("searchbox", name="Find").fill("veretennikova")
    page.get_by_role("combobox", name="Outlet").select_option("not 2")  # Hatay Border Post
    shown = page.locator(".claim:visible")
    assert 0 < shown.count() < 26
    assert [card.get_attribute("data-claim") for card in shown.all()] == [
        row.get_attribute("data-claim") for row in page.locator(".matrix tr[data-claim]:visible").all()
    ]
    assert all("Veretennikova" in (card.text_content() or "") for card in shown.all())
    expect(page.locator(".filter output")).to_contain_text(f"{shown.count()} of 26 claims")
    page.get_by_role("button", name="Show everything").click()
    expect(shown).to_have_count(26)
    expect(page.locator(".filter output")).to_be_empty()


def test_a_language_filters_claims_and_whatever_is_told_of_outlets(reader: Reader, report: Path) -> None:
    page = reader.open(report)
    page.get_by_role("combobox", name="Language").select_option("only ar")
    for card in page.locator(".claim:visible").all():
        assert set((card.get_attribute("data-in") or "").split()) == {"ar"}
    articles = page.locator(".articles li:visible")
    expect(articles).to_have_count(3)
    assert {item.get_attribute("data-language") for item in articles.all()} == {"ar"}


def test_a_filter_fades_what_charts_tell_of_others(reader: Reader, report: Path) -> None:
    page = reader.open(report)
    expect(page.locator(".chart a.off")).to_have_count(0)
    words = page.locator(".keyness tbody tr")
    place, *others = {row.get_attribute("data-of") or "" for row in words.all()}
    assert others
    outlet = page.locator(f'.stances tr[data-of="{place}"] th').inner_text()
    page.get_by_role("combobox", name="Outlet").select_option(f"by {place}")
    stances = page.get_by_role("group", name="Chart: with which")
    for mark in stances.locator("a").all():
        told = mark.get_attribute("aria-label") or ""
        assert (mark.get_attribute("class") == "off") != told.startswith(f"{outlet}:")
    shown = [row.get_attribute("data-of") for row in words.all() if row.is_visible()]
    assert {*shown} == {place} and len(shown) < words.count()
    timeline = page.get_by_role("group", name="Chart: when each").locator("a:not(.off)")
    assert 0 < timeline.count() < page.get_by_role("group", name="Chart: when each").locator("a").count()
    page.get_by_role("button", name="Show everything").click()
    expect(page.locator(".chart a.off")).to_have_count(0)


def test_one_claim_can_be_chosen(reader: Reader, report: Path) -> None:
    page = reader.open(report)
    page.get_by_role("combobox", name="Claim").select_option(index=3)
    expect(page.locator(".claim:visible")).to_have_count(1)
    expect(page.locator(".claim:visible h3 .number")).to_have_text("3")


def test_nothing_found_is_said(reader: Reader, report: Path) -> None:
    page = reader.open(report)
    page.get_by_role("searchbox", name="Find").fill("no such word anywhere")
    expect(page.locator(".none")).to_be_visible()
    expect(page.locator(".filter output")).to_have_text(re.compile("^0 of 26 claims, 0 of "))


def test_a_cell_of_the_matrix_leads_to_its_claim(reader: Reader, report: Path) -> None:
    page = reader.open(report)
    cell = page.locator(".matrix .told").nth(30)
    target = page.locator(cell.get_attribute("href") or "")
    cell.click()
    expect(target).to_be_in_viewport()
    page.locator(".matrix td.missing a").first.click()
    expect(page.locator(":target")).to_contain_text("Left out by")


def test_the_contents_lead_to_each_part(reader: Reader, report: Path) -> None:
    page = reader.open(report)
    for link in page.locator(".contents a").all():
        link.click()
        expect(page.locator(link.get_attribute("href") or "")).to_be_in_viewport()


def test_a_mark_in_a_chart_leads_to_what_it_tells(reader: Reader, report: Path) -> None:
    page = reader.open(report)
    for chart in ("Chart: when each", "Chart: with which", "Chart: how outlets judge", "Map of outlets"):
        link = page.get_by_role("group", name=chart).first.locator("a").first
        link.click()
        target = page.locator(link.get_attribute("href") or "")
        expect(target).to_be_in_viewport()


def test_a_figure_leads_to_a_statement_that_a_filter_hides(reader: Reader, report: Path) -> None:
    page = reader.open(report)
    page.get_by_role("searchbox", name="Find").fill("no such word anywhere")
    link = page.locator(".stances .refs a").first
    link.click()
    expect(page.locator(link.get_attribute("href") or "")).to_be_in_viewport()


@pytest.mark.parametrize("size", [LAPTOP, PHONE], ids=["laptop", "phone"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_serious_fault_of_accessibility(browser: Browser, report: Path, size: ViewportSize, scheme: str) -> None:
    with browser.new_context(viewport=size, color_scheme=scheme, bypass_csp=True) as context:  # type: ignore[arg-type]
        page = context.new_page()
        page.goto(report.as_uri())
        for details in page.locator("details:not([open]) > summary").all()[:5]:
            details.click()
        found = Axe().run(page).response["violations"]
    assert [(v["id"], v["nodes"][0]["html"]) for v in found if v["impact"] in ("serious", "critical")] == []


def test_the_keyboard_reaches_the_content_at_once_and_sees_where_it_is(reader: Reader, report: Path) -> None:
    page = reader.open(report)
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to the comparison")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    assert skip.evaluate("link => getComputedStyle(link).outlineStyle") == "solid"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")


def test_a_phone_scrolls_sideways_only_within_tables(browser: Browser, report: Path) -> None:
    with browser.new_context(viewport=PHONE) as context:
        page = context.new_page()
        page.goto(report.as_uri())
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_without_scripts_everything_is_there(browser: Browser, report: Path) -> None:
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(report.as_uri())
        expect(page.locator(".claim:visible")).to_have_count(26)
        expect(page.locator(".filter")).to_be_hidden()
        expect(page.locator("svg").first).to_be_visible()
