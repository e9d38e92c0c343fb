"""One spelling for each address, so that a page met twice is known to be one page."""

from __future__ import annotations

import re
from urllib.parse import quote, urlsplit, urlunsplit

DEFAULT_PORTS = {"http": ":80", "https": ":443"}
TRACKERS = re.compile(r"(?:utm_[^=]*|fbclid|gclid|yclid)(?:=|$)", re.IGNORECASE)
KEPT = "%/:?=&~+!$,;'@()*[]"  # beside letters, digits and -._ : everything that must not be quoted (again)


def canonical_url(url: str) -> str:
    """The address without what does not change the page: fragment, tracking parameters, default port, case of the host.

    Characters that a URL cannot hold are percent-encoded, so that a Russian or Arabic path has one spelling. What
    cannot be parsed as an address comes back as it is, stripped. Idempotent.
    """
    url = url.strip()
    try:
        parts = urlsplit(url)
        # reading the port checks it
        host, _ = parts.netloc.lower(), parts.port
    except ValueError:
        return url
    if parts.scheme not in DEFAULT_PORTS or not parts.hostname:
        return url
    host = host.removesuffix(DEFAULT_PORTS[parts.scheme]).removesuffix(":")
    query = "&".join(part for part in parts.query.split("&") if part and not TRACKERS.match(part))
    return urlunsplit((parts.scheme, host, _quoted(parts.path) or "/", _quoted(query), ""))


def is_web_address(url: str) -> bool:
    """Whether it is an absolute http or https address."""
    try:
        parts = urlsplit(url)
        # reading the port checks it
        return parts.scheme in DEFAULT_PORTS and bool(parts.hostname) and parts.port != 0 and parts.netloc.isprintable()
    except ValueError:
        return False


def is_front_page(url: str) -> bool:
    """Whether it is the address of a host and no more, so that of no single article."""
    parts = urlsplit(canonical_url(url))
    return not parts.path.strip("/") and not parts.query


def _quoted(part: str) -> str:
    quoted = quote(part, safe=KEPT, errors="replace")
    return re.sub(r"%[0-9a-fA-F]{2}", lambda code: code[0].upper(), quoted)
