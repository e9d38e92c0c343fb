"""The one HTTP client: polite to the hosts it asks, and wary of what they answer."""

from __future__ import annotations

import asyncio
import random
import re
import time
import zlib
from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from importlib.metadata import PackageNotFoundError, version
from typing import Self

import httpcore
import httpx
from protego import Protego

from flows.connections import AddressRefused, Connections, NameUnresolved
from flows.robots import ROBOT, parse_robots
from flows.settings import FetchSettings

MAX_REDIRECTS = 5
REDIRECTS = frozenset((301, 302, 303, 307, 308))
LONGEST_WAIT = 60.0  # seconds: a host that asks for more is left alone until the next run
FIRST_BACK_OFF = 0.5  # seconds, doubled with each further attempt
AT_ONCE = 100  # requests, each to another host
KEPT = 200  # connections for the next request, of which some systems let a process have no more than 256
SILENT_LIMIT = 5  # a host that gave no answer to so many pages in a row is not asked again
MOST_SECONDS = 1e9  # of waiting; whoever asks for more means never
LONGEST_TYPE = 1_000  # characters
CHARSET = re.compile(r""";\s*charset\s*=\s*["']?([\w.:-]+)""", re.IGNORECASE)
VALIDATOR = re.compile(r"[\x20-\x7e]{1,1000}")  # what is fit to be sent back of an ETag or Last-Modified


class FetchError(Exception):
    """No usable answer. str() is one line; `temporary` means that a later run may well get one.

    `status` is the HTTP status where there was an answer. `retry_after`: seconds after which to ask again at once in
    this run (0: whenever), None: not at once.
    """

    def __init__(
        self, reason: str, *, temporary: bool, status: int | None = None, retry_after: float | None = None
    ) -> None:
        super().__init__(reason)
        self.temporary = temporary
        self.status = status
        self.retry_after = retry_after


class NotAsked(FetchError):
    """The host was left alone; a later run may ask it."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"not asked: {reason}", temporary=True)


@dataclass(frozen=True, slots=True)
class Answer:
    """A page as it came. `url` is where redirects led to; `body` is decompressed, and empty where nothing changed."""

    url: str
    status: int
    body: bytes
    content_type: str | None
    charset: str | None
    etag: str | None
    last_modified: str | None

    @property
    def not_modified(self) -> bool:
        return self.status == 304


@dataclass(frozen=True, slots=True)
class FetchState:
    """What to remember of an address for the next run. `status` is None where it was refused before it was asked."""

    url: str
    etag: str | None
    last_modified: str | None
    status: int | None


@dataclass(slots=True)
class Asked:
    """What a host was asked: how many requests, how many of them gave no usable answer, and bytes as they came."""

    requests: int = 0
    failures: int = 0
    bytes: int = 0


@dataclass(slots=True)
class _Host:
    """A host within one run. One request at a time is made to it."""

    asked_today: int = 0
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    next_turn: float = float("-inf")
    crawl_delay: float = 0.0
    silent: int = 0


@dataclass(slots=True)
class _Site:
    """What robots.txt says at an origin, or why it could not be read; None until it is."""

    reading: asyncio.Lock = field(default_factory=asyncio.Lock)
    rules: Protego | FetchError | None = None


class Fetcher:
    """Fetches over HTTP for one run, many hosts at once and each host one request at a time; a context manager.

    `now` and `sleep` keep the pace between requests; deadlines of answers go by the real clock. Nothing is asked for
    while `go_on` is not set.
    """

    def __init__(
        self,
        settings: FetchSettings,
        asked_today: Mapping[str, int] | None = None,
        *,
        now: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        """asked_today: how many requests earlier runs of the day have made, by host."""
        self._settings = settings
        self._now = now
        self._sleep = sleep
        self._connections = Connections(allow_private=settings.allow_private, kept=KEPT, timeout=settings.timeout)
        self._room = asyncio.Semaphore(AT_ONCE)
        self.go_on = asyncio.Event()
        self.go_on.set()
        self._headers = {"User-Agent": user_agent(settings.contact), "Accept": "*/*", "Accept-Encoding": "gzip"}
        self._hosts: defaultdict[str, _Host] = defaultdict(_Host)
        for name, times in (asked_today or {}).items():
            self._hosts[name].asked_today = times
        self._sites: defaultdict[tuple[str, bytes], _Site] = defaultdict(_Site)
        self._asked: defaultdict[str, Asked] = defaultdict(Asked)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._connections.aclose()

    def take_asked(self) -> dict[str, Asked]:
        """What each host was asked since this was last called."""
        asked, self._asked = self._asked, defaultdict(Asked)
        return dict(asked)

    async def fetch(self, url: str, *, etag: str | None = None, last_modified: str | None = None) -> Answer:
        """Get a page, unless it is as it was when it had the given etag or date of change. Raises FetchError."""
        headers = {"If-None-Match": _validator(etag), "If-Modified-Since": _validator(last_modified)}
        return await self._follow(url, {name: value for name, value in headers.items() if value}, obey=True)

    async def _follow(self, start: str, headers: dict[str, str], *, obey: bool) -> Answer:
        url = _web_address(start)
        for hop in range(MAX_REDIRECTS + 1):
            try:
                if obey:
                    await self._obey_robots(url)
                answer = await self._persist(url, headers)
                if isinstance(answer, Answer):
                    return answer
                url = _web_address(answer)
            except FetchError as error:
                if hop:
                    error.args = (f"redirected to {url!s:.200}: {error}",)
                raise
        raise FetchError(f"more than {MAX_REDIRECTS} redirects", temporary=False)

    async def _persist(self, url: httpx.URL, headers: dict[str, str]) -> Answer | str:
        host = self._hosts[url.host]
        for attempt in range(self._settings.retries + 1):
            try:
                return await self._in_turn(url, host, headers)
            except FetchError as error:
                wait = error.retry_after
                if wait is None or wait > LONGEST_WAIT or attempt == self._settings.retries:
                    host.silent = host.silent + 1 if error.temporary and error.status is None else 0
                    raise
                pause = max(wait, FIRST_BACK_OFF * 2**attempt * random.uniform(0.5, 1.5))
                host.next_turn = max(host.next_turn, self._now() + pause)
        raise AssertionError("the last attempt returns or raises")

    async def _in_turn(self, url: httpx.URL, host: _Host, headers: dict[str, str]) -> Answer | str:
        """One request, once it is its turn at the host: the answer, or the address it redirects to."""
        async with host.turn:
            self._check_host(url.host, host)
            pause = host.next_turn - self._now()
            if pause > 0:
                await self._sleep(pause)
            async with self._room:
                await self.go_on.wait()
                host.next_turn = self._now() + max(self._settings.delay, host.crawl_delay)
                host.asked_today += 1
                asked = self._asked[url.host]
                asked.requests += 1
                try:
                    answer = await self._ask(url, headers, asked)
                except FetchError:
                    asked.failures += 1
                    raise
            host.silent = 0
            return answer

    def _check_host(self, name: str, host: _Host) -> None:
        if host.silent >= SILENT_LIMIT:
            raise NotAsked(f"{name} gave no answer {SILENT_LIMIT} times in a row")
        if self._settings.a_day is not None and host.asked_today >= self._settings.a_day:
            raise NotAsked(f"{name} was asked {host.asked_today} times today; `a_day` under `fetch` would allow more")

    async def _ask(self, url: httpx.URL, headers: dict[str, str], asked: Asked) -> Answer | str:
        limit = 3 * self._settings.timeout
        try:
            async with asyncio.timeout(limit):
                response = await self._connections.get(url, self._headers | headers)
                try:
                    said = httpx.Headers(response.headers)
                    if response.status in REDIRECTS and "location" in said:
                        return _target(url, said["location"])
                    _check_status(response.status, said)
                    return await self._answer(url, response, said, asked)
                finally:
                    await response.aclose()
        except TimeoutError as error:
            raise FetchError(f"the answer took longer than {limit:g} seconds", temporary=True) from error
        except AddressRefused as error:
            raise FetchError(str(error), temporary=False) from error
        except (httpcore.TimeoutException, httpcore.NetworkError, httpcore.ProtocolError, NameUnresolved) as error:
            if isinstance(error, httpcore.TimeoutException):
                reason = f"no answer within {self._settings.timeout:g} seconds"
            else:
                reason = f"no answer: {' '.join(str(error).split())[:200] or type(error).__name__}"
            raise FetchError(reason, temporary=True, retry_after=0) from error

    async def _answer(self, url: httpx.URL, response: httpcore.Response, said: httpx.Headers, asked: Asked) -> Answer:
        kind = said.get("content-type", "")
        encoding = said.get("content-encoding", "")
        return Answer(
            url=str(url),
            status=response.status,
            body=b"" if response.status == 304 else await self._body(response, encoding, asked),
            content_type=kind.partition(";")[0].strip().lower()[:100] or None,
            charset=found[1] if (found := CHARSET.search(kind[:LONGEST_TYPE])) else None,
            etag=_validator(said.get("etag")),
            last_modified=_validator(said.get("last-modified")),
        )

    async def _body(self, response: httpcore.Response, encoding: str, asked: Asked) -> bytes:
        inflate = inflater(encoding)
        limit, body, received = self._settings.max_bytes, bytearray(), 0
        async for chunk in response.aiter_stream():
            received += len(chunk)  # of which compressed data may give nothing, without end
            asked.bytes += len(chunk)
            try:
                body += inflate(chunk, limit + 1 - len(body))
            except zlib.error as error:
                raise FetchError("the answer is compressed wrongly", temporary=True, retry_after=0) from error
            if len(body) > limit or received > 2 * limit:
                reason = f"larger than {limit} bytes; `max_bytes` under `fetch` would allow more"
                raise FetchError(reason, temporary=False)
        return bytes(body)

    async def _obey_robots(self, url: httpx.URL) -> None:
        site = self._sites[url.scheme, url.netloc]
        async with site.reading:
            if site.rules is None:
                origin = url.copy_with(path="/robots.txt", query=None, fragment=None)
                site.rules = await self._read_robots(str(origin), url.host)
        if isinstance(site.rules, FetchError):
            # a fresh one, for an exception once raised gathers frames and the names of redirects
            raise FetchError(str(site.rules), temporary=site.rules.temporary)
        if not site.rules.can_fetch(str(url), ROBOT):
            raise FetchError("robots.txt of the host forbids it", temporary=False)

    async def _read_robots(self, address: str, host: str) -> Protego | FetchError:
        """The rules of a host as RFC 9309 has it: none if it has no robots.txt, no access if that is in doubt."""
        try:
            text = (await self._follow(address, {}, obey=False)).body.decode("utf-8", "replace")
        except NotAsked as error:
            return error
        except FetchError as error:
            if error.status is None or error.temporary:
                return FetchError(f"robots.txt of the host: {error}", temporary=error.temporary)
            text = ""
        rules = parse_robots(text)
        delay = rules.crawl_delay(ROBOT) or 0.0
        if delay > LONGEST_WAIT:
            asked = f"robots.txt of the host asks for {delay:g} seconds between requests"
            return FetchError(f"{asked}, over the {LONGEST_WAIT:g} we wait", temporary=False)
        self._hosts[host].crawl_delay = max(delay, self._hosts[host].crawl_delay)
        return rules


def user_agent(contact: str | None) -> str:
    """`rashomon/0.1.0 (+contact)`: who is asking, and where to complain."""
    try:
        release = version("rashomon")
    except PackageNotFoundError:  # run from a source tree that is not installed
        release = "0"
    reach = re.sub(r"[^\x20-\x7e]", "", contact or "").strip()
    return f"{ROBOT}/{release} (+{reach})" if reach else f"{ROBOT}/{release}"


def _web_address(url: str) -> httpx.URL:
    try:
        parsed = httpx.URL(url)
        host = parsed.host  # which may be no name that can be decoded
    except (httpx.InvalidURL, ValueError, TypeError, IndexError) as error:
        raise FetchError(f"{url!r:.200} is not an address", temporary=False) from error
    if parsed.scheme not in ("http", "https") or not host:
        raise FetchError(f"{url!r:.200} is not an http or https address", temporary=False)
    return parsed


def _target(url: httpx.URL, location: str) -> str:
    try:
        return str(url.join(location))
    except (httpx.InvalidURL, ValueError, IndexError) as error:
        raise FetchError(f"redirects to {location!r:.200}, which is not an address", temporary=False) from error


def _validator(value: str | None) -> str | None:
    """What a host said of a page's version, unless it cannot be sent back; then the page is read anew each time."""
    return value if value and VALIDATOR.fullmatch(value) else None


def _check_status(status: int, said: httpx.Headers) -> None:
    if status in (200, 304):
        return
    reason = f"the host answered {status}"
    if status != 429 and status < 500:
        raise FetchError(reason, temporary=False, status=status)
    wait = _retry_after(said.get("retry-after", ""))
    if wait > LONGEST_WAIT:
        reason += f" and asks to wait {wait:.0f} seconds, over the {LONGEST_WAIT:g} we wait"
    raise FetchError(reason, temporary=True, status=status, retry_after=wait)


def _retry_after(value: str) -> float:
    """Seconds to wait by a Retry-After header, which holds seconds or a date; 0 where it holds neither."""
    if value.strip().isdecimal():
        return min(float(value), MOST_SECONDS)
    try:
        moment = parsedate_to_datetime(value)
    except (ValueError, OverflowError):
        return 0.0
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max(0.0, (moment - datetime.now(UTC)).total_seconds())


def inflater(encoding: str) -> Callable[[bytes, int], bytes]:
    """What turns compressed bytes into at most so many plain ones, so that a bomb has no room to go off."""
    encoding = encoding.strip().lower()
    if encoding in ("", "identity"):
        return lambda data, most: data
    if encoding in ("gzip", "x-gzip", "deflate"):
        return zlib.decompressobj(wbits=zlib.MAX_WBITS + 32).decompress  # +32: whichever of gzip and zlib it is
    raise FetchError(f"the answer is in the encoding {encoding!r:.50}, which was not asked for", temporary=False)
