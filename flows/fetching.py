"""The one HTTP client: polite to the hosts it asks, and wary of what they answer."""

from __future__ import annotations

import random
import re
import time
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from importlib.metadata import PackageNotFoundError, version
from typing import Self

import httpcore
import httpx
from protego import Protego

from flows.connections import AddressRefused, GuardedTransport, NameUnresolved
from flows.robots import ROBOT, parse_robots
from flows.settings import FetchSettings

MAX_REDIRECTS = 5
LONGEST_WAIT = 60.0  # seconds: a host that asks for more is left alone until the next run
FIRST_BACK_OFF = 0.5  # seconds, doubled with each further attempt
SILENT_LIMIT = 5  # a host that gave no answer to so many pages in a row is not asked again
MOST_SECONDS = 1e9  # of waiting; whoever asks for more means never
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


class Fetcher:
    """Fetches over HTTP for one run, in one thread; a context manager.

    `now` and `sleep` keep the pace between requests; deadlines of answers go by the real clock.
    """

    def __init__(
        self,
        settings: FetchSettings,
        *,
        now: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._settings = settings
        self._now = now
        self._sleep = sleep
        self._transport = GuardedTransport(allow_private=settings.allow_private)
        self._client = httpx.Client(
            transport=self._transport,
            timeout=settings.timeout,
            trust_env=False,  # no proxy (see flows.connections), no passwords from a .netrc
            headers={"User-Agent": user_agent(settings.contact), "Accept-Encoding": "gzip"},
        )
        self._robots: dict[str, Protego | FetchError] = {}
        self._crawl_delay: dict[str, float] = {}
        self._next_turn: dict[str, float] = {}
        self._silent: dict[str, int] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()

    def fetch(self, url: str, *, etag: str | None = None, last_modified: str | None = None) -> Answer:
        """Get a page, unless it is as it was when it had the given etag or date of change. Raises FetchError."""
        headers = {"If-None-Match": _validator(etag), "If-Modified-Since": _validator(last_modified)}
        return self._follow(url, {name: value for name, value in headers.items() if value}, obey=True)

    def _follow(self, start: str, headers: dict[str, str], *, obey: bool) -> Answer:
        url = _web_address(start)
        for hop in range(MAX_REDIRECTS + 1):
            try:
                if obey:
                    self._obey_robots(url)
                answer = self._persist(url, headers)
                if isinstance(answer, Answer):
                    return answer
                url = _web_address(answer)
            except FetchError as error:
                if hop:
                    error.args = (f"redirected to {url!s:.200}: {error}",)
                raise
        raise FetchError(f"more than {MAX_REDIRECTS} redirects", temporary=False)

    def _persist(self, url: httpx.URL, headers: dict[str, str]) -> Answer | str:
        if self._silent.get(url.host, 0) >= SILENT_LIMIT:
            raise FetchError(f"not asked: {url.host} gave no answer {SILENT_LIMIT} times in a row", temporary=True)
        for attempt in range(self._settings.retries + 1):
            try:
                answer = self._ask(url, headers)
                self._silent[url.host] = 0
                return answer
            except FetchError as error:
                wait = error.retry_after
                if wait is None or wait > LONGEST_WAIT or attempt == self._settings.retries:
                    silent = error.temporary and error.status is None
                    self._silent[url.host] = self._silent.get(url.host, 0) + 1 if silent else 0
                    raise
            self._sleep(max(wait, FIRST_BACK_OFF * 2**attempt * random.uniform(0.5, 1.5)))
        raise AssertionError("the last attempt returns or raises")

    def _ask(self, url: httpx.URL, headers: dict[str, str]) -> Answer | str:
        """One request: the answer, or the address it redirects to."""
        self._wait_for_turn(url.host)
        limit = 3 * self._settings.timeout
        self._transport.finish_within(limit)
        try:
            with self._client.stream("GET", url, headers=headers) as response:
                if response.has_redirect_location:
                    return _target(url, response)
                _check_status(response)
                return self._answer(response)
        except (AddressRefused, httpx.InvalidURL, httpx.HTTPError) as error:  # httpx: a redirect to nonsense
            raise FetchError(str(error), temporary=False) from error
        except (httpcore.TimeoutException, httpcore.NetworkError, httpcore.ProtocolError, NameUnresolved) as error:
            if self._transport.overdue:
                raise FetchError(f"the answer took longer than {limit:g} seconds", temporary=True) from error
            if isinstance(error, httpcore.TimeoutException):
                reason = f"no answer within {self._settings.timeout:g} seconds"
            else:
                reason = f"no answer: {' '.join(str(error).split())[:200] or type(error).__name__}"
            raise FetchError(reason, temporary=True, retry_after=0) from error

    def _answer(self, response: httpx.Response) -> Answer:
        media_type = response.headers.get("content-type", "").partition(";")[0].strip().lower()[:100]
        return Answer(
            url=str(response.url),
            status=response.status_code,
            body=b"" if response.status_code == 304 else self._body(response),
            content_type=media_type or None,
            charset=response.charset_encoding,
            etag=_validator(response.headers.get("etag")),
            last_modified=_validator(response.headers.get("last-modified")),
        )

    def _body(self, response: httpx.Response) -> bytes:
        inflate = inflater(response.headers.get("content-encoding", ""))
        limit, body, received = self._settings.max_bytes, bytearray(), 0
        for chunk in response.iter_raw():
            received += len(chunk)  # of which compressed data may give nothing, without end
            try:
                body += inflate(chunk, limit + 1 - len(body))
            except zlib.error as error:
                raise FetchError("the answer is compressed wrongly", temporary=True, retry_after=0) from error
            if len(body) > limit or received > 2 * limit:
                reason = f"larger than {limit} bytes; `max_bytes` under `fetch` would allow more"
                raise FetchError(reason, temporary=False)
        return bytes(body)

    def _wait_for_turn(self, host: str) -> None:
        pause = self._next_turn.get(host, float("-inf")) - self._now()
        if pause > 0:
            self._sleep(pause)
        self._next_turn[host] = self._now() + max(self._settings.delay, self._crawl_delay.get(host, 0.0))

    def _obey_robots(self, url: httpx.URL) -> None:
        origin = str(url.copy_with(path="/robots.txt", query=None, fragment=None))
        if origin not in self._robots:
            self._robots[origin] = self._read_robots(origin, url.host)
        rules = self._robots[origin]
        if isinstance(rules, FetchError):
            # a fresh one, for an exception once raised gathers frames and the names of redirects
            raise FetchError(str(rules), temporary=rules.temporary)
        if not rules.can_fetch(str(url), ROBOT):
            raise FetchError("robots.txt of the host forbids it", temporary=False)

    def _read_robots(self, address: str, host: str) -> Protego | FetchError:
        """The rules of a host as RFC 9309 has it: none if it has no robots.txt, no access if that is in doubt."""
        try:
            text = self._follow(address, {}, obey=False).body.decode("utf-8", "replace")
        except FetchError as error:
            if error.status is None or error.temporary:
                return FetchError(f"robots.txt of the host: {error}", temporary=error.temporary)
            text = ""
        rules = parse_robots(text)
        delay = rules.crawl_delay(ROBOT) or 0.0
        if delay > LONGEST_WAIT:
            asked = f"robots.txt of the host asks for {delay:g} seconds between requests"
            return FetchError(f"{asked}, over the {LONGEST_WAIT:g} we wait", temporary=False)
        self._crawl_delay[host] = max(delay, self._crawl_delay.get(host, 0.0))
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
    except (httpx.InvalidURL, ValueError, TypeError) as error:
        raise FetchError(f"{url!r:.200} is not an address", temporary=False) from error
    if parsed.scheme not in ("http", "https") or not parsed.host:
        raise FetchError(f"{url!r:.200} is not an http or https address", temporary=False)
    return parsed


def _target(url: httpx.URL, response: httpx.Response) -> str:
    location = response.headers["location"]
    try:
        return str(url.join(location))
    except (httpx.InvalidURL, ValueError) as error:
        raise FetchError(f"redirects to {location!r:.200}, which is not an address", temporary=False) from error


def _validator(value: str | None) -> str | None:
    """What a host said of a page's version, unless it cannot be sent back; then the page is read anew each time."""
    return value if value and VALIDATOR.fullmatch(value) else None


def _check_status(response: httpx.Response) -> None:
    status = response.status_code
    if status in (200, 304):
        return
    reason = f"the host answered {status}"
    if status != 429 and status < 500:
        raise FetchError(reason, temporary=False, status=status)
    wait = _retry_after(response.headers.get("retry-after", ""))
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
