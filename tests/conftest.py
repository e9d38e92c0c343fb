"""A real web site on loopback, and pages to put on it."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

GOLD = Path(__file__).parents[1] / "configs" / "gold"

Behaviour = Callable[[BaseHTTPRequestHandler], None]


@dataclass
class Page:
    """One answer. Of several at one path each is given once, the last one for ever."""

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    behaviour: Behaviour | None = None


class Site:
    """What the tests say about the site, and which requests it has had: pairs of path and headers."""

    def __init__(self, port: int) -> None:
        self.address = f"http://127.0.0.1:{port}"
        self.pages: dict[str, list[Page]] = {}
        self.requests: list[tuple[str, dict[str, str]]] = []

    def add(self, path: str, body: bytes | str = b"", status: int = 200, **headers: str) -> str:
        data = body.encode() if isinstance(body, str) else body
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.pages.setdefault(path, []).append(Page(data, status, named))
        return self.address + path

    def behave(self, path: str, behaviour: Behaviour) -> str:
        self.pages.setdefault(path, []).append(Page(behaviour=behaviour))
        return self.address + path

    def asked(self, *, robots: bool = False) -> list[str]:
        return [path for path, _ in self.requests if robots or path != "/robots.txt"]

    def answer(self, request: BaseHTTPRequestHandler) -> None:
        self.requests.append((request.path, {name.lower(): value for name, value in request.headers.items()}))
        pages = self.pages.get(request.path, [Page(b"nothing here", 404)])
        page = pages.pop(0) if len(pages) > 1 else pages[0]
        if page.behaviour:
            page.behaviour(request)
            return
        same_tag = page.headers.get("ETag", "-") == request.headers.get("If-None-Match")
        same_date = page.headers.get("Last-Modified", "-") == request.headers.get("If-Modified-Since")
        status = 304 if page.status == 200 and (same_tag or same_date) else page.status
        request.send_response(status)
        for name, value in page.headers.items():
            request.send_header(name, value)
        request.send_header("Content-Length", "0" if status == 304 else str(len(page.body)))
        request.end_headers()
        if status != 304:
            request.wfile.write(page.body)


@pytest.fixture
def site() -> Iterator[Site]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            try:
                served.answer(self)
            except OSError:  # the client has had enough
                self.close_connection = True

        def log_message(self, *_: Any) -> None:
            pass

    class Server(ThreadingHTTPServer):
        def handle_error(self, *_: Any) -> None:  # a client that hangs up is what some tests are about
            pass

    server = Server(("127.0.0.1", 0), Handler)
    served = Site(server.server_port)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    yield served
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="session")
def gold_articles() -> list[dict[str, Any]]:
    files = sorted(GOLD.glob("*/articles.jsonl"))
    return [json.loads(line) for file in files for line in file.read_text("utf-8").splitlines()]


def _web_page(article: dict[str, Any], charset: str = "utf-8", declared: str | None = None) -> bytes:
    paragraphs = "".join(f"<p>{paragraph}</p>" for paragraph in article["text"].split("\n\n"))
    return f"""<!DOCTYPE html><html><head><meta charset="{declared or charset}"><title>{article["title"]} | Site</title>
        <link rel="canonical" href="{article["url"]}"><meta property="og:title" content="{article["title"]}">
        <meta property="article:published_time" content="{article["published_at"]}"></head>
        <body><nav><ul><li><a href="/">Home</a></li><li><a href="/world">World</a></li></ul></nav>
        <article><h1>{article["title"]}</h1>{paragraphs}</article>
        <aside><h3>Read more</h3><a href="/other">Another story of the day</a></aside>
        <footer>All rights reserved.</footer></body></html>""".encode(charset, "ignore")


@pytest.fixture(scope="session")
def web_page() -> Callable[..., bytes]:
    """A gold article as a page with menu, aside and footer, in any charset, declaring any."""
    return _web_page
