"""The HTML report in a real browser: no script from the news runs, no request leaves, the filter works."""

from __future__ import annotations

import shutil
import subprocess
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from lxml import html as parser

from flows.reports import write_report
from storage import Warehouse

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="needs chromium to open the report in")
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--enable-logging=stderr",
    "--virtual-time-budget=2000",
]


@dataclass
class Browser:
    """Opens a file; all its requests go to a proxy on this machine, which notes and refuses them."""

    profile: Path
    proxy: str
    requests: list[str]
    console: list[str] = field(default_factory=list)

    def open(self, page: Path) -> parser.HtmlElement:
        proxy = [f"--proxy-server={self.proxy}", "--proxy-bypass-list=<-loopback>"]
        command = [str(CHROMIUM), *FLAGS, *proxy, f"--user-data-dir={self.profile}", "--dump-dom", page.as_uri()]
        done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
        self.console += [line for line in done.stderr.splitlines() if "CONSOLE" in line]
        return parser.document_fromstring(done.stdout)

    @property
    def requests_of_page(self) -> list[str]:
        """Those that are not the browser's own errands: all hosts in the news of these tests end in .example."""
        return [request for request in self.requests if ".example" in request]


@pytest.fixture
def browser(tmp_path: Path) -> Iterator[Browser]:
    requests: list[str] = []

    class Proxy(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            requests.append(self.path)
            self.send_error(502)

        do_CONNECT = do_POST = do_GET

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Proxy) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield Browser(tmp_path / "profile", f"http://127.0.0.1:{server.server_port}", requests)
        server.shutdown()
        thread.join()


def test_this_browser_would_tell_of_scripts_and_requests(browser: Browser, tmp_path: Path) -> None:
    page = tmp_path / "naive.html"
    page.write_text('<script>document.title="owned"; console.error("owned")</script><img src=http://tracker.example/x>')
    assert browser.open(page).xpath("string(//title)") == "owned"
    assert browser.console
    assert browser.requests_of_page == ["http://tracker.example/x"]


def test_hostile_news_runs_nothing_and_asks_for_nothing(browser: Browser, hostile: Warehouse, tmp_path: Path) -> None:
    out = tmp_path / "report.html"
    write_report(hostile, "html", out=out)
    page = browser.open(out)
    assert page.xpath("string(//title)") != "owned"
    assert page.xpath("//img") == []
    assert (browser.console, browser.requests_of_page) == ([], [])


def test_the_report_opens_clean_and_filters_claims(browser: Browser, enclave: Warehouse, tmp_path: Path) -> None:
    out = tmp_path / "report.html"
    write_report(enclave, "html", out=out)
    asking = """<script>
      const words = document.querySelector(".words"), who = document.querySelector(".who");
      words.value = "veretennikova"; words.dispatchEvent(new Event("input"));
      const left_out_by = [...who.querySelectorAll("[label='Left out by'] option")];
      who.value = left_out_by.find((option) => option.text === "Hatay Border Post").value;
      who.dispatchEvent(new Event("change"));
    </script>"""
    out.write_text(out.read_text("utf-8").replace("</body>", asking + "</body>"), "utf-8")
    page = browser.open(out)
    assert (browser.console, browser.requests_of_page) == ([], [])
    shown = page.xpath("//article[not(@hidden)]")
    rows = page.xpath("//tr[@data-claim][not(@hidden)]")
    assert 0 < len(shown) < 26
    assert [card.get("data-claim") for card in shown] == [row.get("data-claim") for row in rows]
    assert all("Veretennikova" in card.text_content() for card in shown)
    assert page.xpath("string(//output)") == f"{len(shown)} of 26 claims"
