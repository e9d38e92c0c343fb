"""Connections that only lead where they may: to public addresses.

The check is made on the very address that is connected to, after the name is resolved, so neither a name that resolves
to a private address, nor one that resolves differently the second time, nor an address in disguise gets through. TLS is
untouched: certificates are still verified against the name in the URL.

Proxies named in the environment are not used: a proxy would resolve names itself, behind this check.
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpcore
import httpx

NAT64 = ipaddress.IPv6Network("64:ff9b::/96")  # addresses of RFC 6052: the last 32 bits are the IPv4 address
LOOKUPS = 32
"""Names looked up at once; each that has no address may take many seconds."""


class AddressRefused(Exception):
    """The host has an address that must not be connected to; str() is one line."""


class NameUnresolved(Exception):
    """The host's name has no address, now at least; str() is one line."""


class Connections:
    """Requests over httpcore's public pools. Failures come as httpcore's exceptions and the two above.

    Each origin has a pool of its own: one for many origins looks through all its connections at every request.
    """

    def __init__(self, *, allow_private: bool, kept: int, timeout: float) -> None:
        """kept: of so many origins one is kept open for the next request. timeout: seconds to connect, and to hear."""
        self._backend = _GuardedBackend(allow_private)
        self._tls = httpx.create_ssl_context()
        self._kept = kept
        self._extensions = {"timeout": dict.fromkeys(("connect", "read", "write", "pool"), timeout)}
        self._pools: dict[tuple[bytes, bytes, int | None], httpcore.AsyncConnectionPool] = {}

    async def get(self, url: httpx.URL, headers: Mapping[str, str]) -> httpcore.Response:
        """The answer, whose body is to be read, and which is to be closed."""
        return await (await self._pool(url)).handle_async_request(
            httpcore.Request(
                method="GET",
                url=httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path),
                headers=[(b"Host", url.netloc), *((name.encode(), value.encode()) for name, value in headers.items())],
                extensions=self._extensions,
            )
        )

    async def _pool(self, url: httpx.URL) -> httpcore.AsyncConnectionPool:
        """That of the origin, which is now the newest; the oldest that is idle is closed where there are too many."""
        origin = url.raw_scheme, url.raw_host, url.port
        pool = self._pools.pop(origin, None) or httpcore.AsyncConnectionPool(
            ssl_context=self._tls, max_connections=1, network_backend=self._backend
        )
        if len(self._pools) >= self._kept:
            idle = (one for one, other in self._pools.items() if all(each.is_idle() for each in other.connections))
            if (oldest := next(idle, None)) is not None:
                await self._pools.pop(oldest).aclose()
        self._pools[origin] = pool
        return pool

    async def aclose(self) -> None:
        for pool in self._pools.values():
            await pool.aclose()
        self._backend.lookups.shutdown(wait=False, cancel_futures=True)


class _GuardedBackend(httpcore.AsyncNetworkBackend):
    def __init__(self, allow_private: bool) -> None:
        self.lookups = ThreadPoolExecutor(LOOKUPS, "lookup")
        self._allow_private = allow_private
        self._plain = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        loop = asyncio.get_running_loop()
        addresses = await loop.run_in_executor(self.lookups, _resolve, host, port)
        if not self._allow_private:
            for address in addresses:  # one bad address is enough: the answer as a whole is not to be trusted
                check_address(address)
        failure: Exception | None = None
        for address in addresses:
            try:
                return await self._plain.connect_tcp(address, port, timeout, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = failure or error
        raise failure or NameUnresolved(f"the host {host} has no address")


def _resolve(host: str, port: int) -> list[str]:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise NameUnresolved(f"the host {host} cannot be found") from error
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def check_address(address: str) -> None:
    """Raise AddressRefused unless it is the address of one host on the public internet.

    Private, loopback, link-local, shared, multicast and reserved addresses are refused, also where IPv6 only wraps such
    an IPv4 address (mapped, 6to4, NAT64).
    """
    ip = ipaddress.ip_address(address.partition("%")[0])
    public = ip.is_global and not ip.is_multicast and not ip.is_reserved and not ip.is_unspecified
    if isinstance(ip, ipaddress.IPv6Address):
        public = (ip.ipv4_mapped is not None or public or ip in NAT64) and not ip.is_site_local
        for wrapped in _wrapped(ip):
            check_address(str(wrapped))
    if not public:
        raise AddressRefused(f"{address} is not a public address; `allow_private: true` under `fetch` would allow it")


def _wrapped(ip: ipaddress.IPv6Address) -> list[ipaddress.IPv4Address]:
    wrapped = [ip.ipv4_mapped, ip.sixtofour]
    if ip in NAT64:
        wrapped.append(ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF))
    return [address for address in wrapped if address is not None]
