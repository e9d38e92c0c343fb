"""The model hub on loopback: what it says of a model and its files, and how it fails."""

from __future__ import annotations

import hashlib
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest

COMMIT = "c0ffee" + "0" * 34
LARGE = (".safetensors", ".bin", ".spm")
"""Files that the hub keeps apart, sends from another host and names by their SHA-256."""


class Hub:
    """As much of the model hub's HTTP interface as a download needs; one repository, the files of a folder.

    cuts: by the name of a file, after how many bytes each of the next answers breaks off; wrong: the files that are
    sent with other bytes than they have; ranges: whether a part of a file may be asked for.
    """

    def __init__(self, name: str, folder: Path) -> None:
        self.name, self.folder = name, folder
        self.asked: list[str] = []
        self.sent: list[tuple[str, int]] = []
        """The files whose content was sent, each with the place from where."""
        self.cuts: dict[str, list[int]] = {}
        self.wrong: set[str] = set()
        self.ranges = True
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self.address = f"http://127.0.0.1:{self.server.server_port}"

    def __enter__(self) -> Hub:
        self._thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.server.shutdown()
        self.server.server_close()
        self._thread.join()

    def files(self) -> list[str]:
        paths = sorted(path for path in self.folder.rglob("*") if path.is_file())
        return [path.relative_to(self.folder).as_posix() for path in paths]

    def checksum(self, file: str) -> str:
        body = (self.folder / file).read_bytes()
        if file.endswith(LARGE):
            return hashlib.sha256(body).hexdigest()
        return hashlib.sha1(b"blob %d\0" % len(body) + body).hexdigest()

    def answer(self, path: str) -> tuple[int, dict[str, str], bytes]:
        if path in [f"/api/models/{self.name}{end}" for end in ("", "/revision/main", f"/revision/{COMMIT}")]:
            about = {"id": self.name, "sha": COMMIT, "siblings": [{"rfilename": name} for name in self.files()]}
            return 200, {}, json.dumps(about).encode()
        if path == f"/api/models/{self.name}/tree/{COMMIT}":
            sizes = {name: (self.folder / name).stat().st_size for name in self.files()}
            tree = [{"type": "file", "path": name, "size": size, "oid": name} for name, size in sizes.items()]
            return 200, {}, json.dumps(tree).encode()
        for start in (f"/{self.name}/resolve/{COMMIT}/", f"/{self.name}/resolve/main/", "/elsewhere/"):
            if path.startswith(start):
                return self._file(path.removeprefix(start), apart=start == "/elsewhere/")
        return 404, {"X-Error-Code": "RepoNotFound"}, b""

    def _file(self, name: str, *, apart: bool) -> tuple[int, dict[str, str], bytes]:
        if name not in self.files():
            return 404, {"X-Error-Code": "EntryNotFound", "X-Repo-Commit": COMMIT}, b""
        body, checksum = (self.folder / name).read_bytes(), self.checksum(name)
        headers = {"X-Repo-Commit": COMMIT, "ETag": f'"{checksum}"'}
        if name.endswith(LARGE) and not apart:
            headers |= {"X-Linked-Etag": f'"{checksum}"', "X-Linked-Size": str(len(body))}
            headers["Location"] = f"http://localhost:{self.server.server_port}/elsewhere/{name}"
            return 302, headers, b""
        return 200, headers, bytes(reversed(body)) if name in self.wrong else body


def _handler(hub: Hub) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path = unquote(urlsplit(self.path).path)
            hub.asked.append(path)
            status, headers, body = hub.answer(path)
            start = self._start(body) if status == 200 and hub.ranges and "ETag" in headers else None
            if start is not None:
                status, headers = 206, headers | {"Content-Range": f"bytes {start}-{len(body) - 1}/{len(body)}"}
            body = body[start or 0 :]
            self.send_response(status)
            for key, value in {**headers, "Content-Length": str(len(body))}.items():
                self.send_header(key, value)
            self.end_headers()
            if self.command == "GET":
                self._send(body, next((name for name in hub.files() if path.endswith(f"/{name}")), ""), start or 0)

        do_HEAD = do_GET

        def _start(self, body: bytes) -> int | None:
            asked = self.headers.get("Range", "").removeprefix("bytes=").removesuffix("-")
            return int(asked) if asked.isdigit() and int(asked) < len(body) else None

        def _send(self, body: bytes, file: str, start: int) -> None:
            cuts = hub.cuts.get(file) if body else None
            if body and file:
                hub.sent.append((file, start))
            self.wfile.write(body[: cuts.pop(0)] if cuts else body)

        def log_message(self, *_: Any) -> None:
            pass

    return Handler


def use_hub(monkeypatch: pytest.MonkeyPatch, address: str, cache: Path) -> None:
    """Make this process download from a hub of the test's, into a cache of the test's."""
    from huggingface_hub import constants

    monkeypatch.setattr(constants, "ENDPOINT", address)
    monkeypatch.setattr(constants, "HUGGINGFACE_CO_URL_TEMPLATE", address + "/{repo_id}/resolve/{revision}/{filename}")
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(cache))
