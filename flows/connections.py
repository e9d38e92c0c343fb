"""Connections that only lead where they may: to public addresses, and not beyond a deadline.

The check is made on the very address that is connected to, after the name is resolved, so neither a name that resolves
to a private address, nor one that resolves differently the second time, nor an address in disguise gets through. TLS is
untouched: certificates are still verified against the name in the URL.

Proxies named in the environment are not used: a proxy would resolve names itself, behind this check.
"""

from __future__ import annotations

import ipaddress
import socket
import ssl
import time
from collections.abc import Iterable, Iterator
from typing import Any

import httpcore
import httpx

NAT64 = ipaddress.IPv6Network("64:ff9b::/96")  # addresses of RFC 6052: the last 32 bits are the IPv4 address


class AddressRefused(Exception):
    """The host has an address that must not be connected to; str() is one line."""


class NameUnresolved(Exception):
    """The host's name has no address, now at least; str() is one line."""


class GuardedTransport(httpx.BaseTransport):
    """An httpx transport on httpcore's public pool. Failures come as httpcore's exceptions and the two above."""

    def __init__(self, *, allow_private: bool) -> None:
        self._backend = _GuardedBackend(allow_private)
        self._pool = httpcore.ConnectionPool(ssl_context=httpx.create_ssl_context(), network_backend=self._backend)

    def finish_within(self, seconds: float) -> None:
        """From now on nothing is read or written after so many seconds, however steadily it drips in."""
        self._backend.deadline = time.monotonic() + seconds

    @property
    def overdue(self) -> bool:
        """Whether that time has passed."""
        return time.monotonic() >= self._backend.deadline

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        url = request.url
        answer = self._pool.handle_request(
            httpcore.Request(
                method=request.method,
                url=httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path),
                headers=request.headers.raw,
                extensions=request.extensions,
            )
        )
        return httpx.Response(answer.status, headers=answer.headers, stream=_Body(answer))

    def close(self) -> None:
        self._pool.close()


class _Body(httpx.SyncByteStream):
    def __init__(self, answer: httpcore.Response) -> None:
        self._answer = answer

    def __iter__(self) -> Iterator[bytes]:
        return self._answer.iter_stream()

    def close(self) -> None:
        self._answer.close()


class _GuardedBackend(httpcore.NetworkBackend):
    def __init__(self, allow_private: bool) -> None:
        self.deadline = float("inf")
        self._allow_private = allow_private
        self._plain = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        addresses = _resolve(host, port)
        if not self._allow_private:
            for address in addresses:  # one bad address is enough: the answer as a whole is not to be trusted
                check_address(address)
        failure: Exception | None = None
        for address in addresses:
            try:
                left = self.time_left(timeout)
                return _TimedStream(self._plain.connect_tcp(address, port, left, local_address, socket_options), self)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = failure or error
        raise failure or NameUnresolved(f"the host {host} has no address")

    def time_left(self, timeout: float | None) -> float:
        left = self.deadline - time.monotonic()
        if left <= 0:
            raise httpcore.ReadTimeout("overdue")
        return left if timeout is None else min(left, timeout)


class _TimedStream(httpcore.NetworkStream):
    """A stream whose every step ends at the backend's deadline at the latest."""

    def __init__(self, stream: httpcore.NetworkStream, backend: _GuardedBackend) -> None:
        self._stream = stream
        self._backend = backend

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, self._backend.time_left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._backend.time_left(timeout))

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        left = self._backend.time_left(timeout)
        return _TimedStream(self._stream.start_tls(ssl_context, server_hostname, left), self._backend)

    def close(self) -> None:
        self._stream.close()

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


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
