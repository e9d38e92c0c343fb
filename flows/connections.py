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
import ssl
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import aiohttp
import certifi
from aiohttp.abc import AbstractResolver, ResolveResult

LOOKUPS = 32
"""Names looked up at once; each that has no address may take many seconds."""
NAT64 = ipaddress.IPv6Network("64:ff9b::/96")  # addresses of RFC 6052: the last 32 bits are the IPv4 address


class AddressRefused(Exception):
    """The host has an address that must not be connected to; str() is one line."""


def guarded_connector(*, allow_private: bool) -> aiohttp.TCPConnector:
    """Connections for aiohttp, any number of them. Raise AddressRefused beside what aiohttp raises.

    Addresses of a host are tried one after the other, up to the first that answers or is refused.
    """
    return aiohttp.TCPConnector(
        resolver=_Lookups(),
        socket_factory=None if allow_private else _public_socket,
        ssl=_verifying(),
        limit=0,
        happy_eyeballs_delay=None,  # addresses in a race would hide from each other why they failed
    )


def _public_socket(address: tuple[Any, ...]) -> socket.socket:
    """What every connection is made on, whether the host had a name or was a number."""
    family, kind, protocol, _, place = address
    check_address(str(place[0]))
    return socket.socket(family, kind, protocol)


def _verifying() -> ssl.SSLContext:
    """Trusts whom the system trusts, and whom Mozilla does, since some systems have no list."""
    context = ssl.create_default_context()
    context.load_verify_locations(certifi.where())
    context.set_alpn_protocols(["http/1.1"])
    return context


class _Lookups(AbstractResolver):
    """Looks names up in threads of its own, so that nobody else waits for names that cannot be found."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(LOOKUPS, "lookup")

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        return await asyncio.get_running_loop().run_in_executor(self._threads, _resolve, host, port, family)

    async def close(self) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)


def _resolve(host: str, port: int, family: socket.AddressFamily) -> list[ResolveResult]:
    try:
        found = socket.getaddrinfo(host, port, family, socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise OSError(socket.EAI_NONAME, f"the host {host} cannot be found") from error
    numeric = socket.AI_NUMERICHOST | socket.AI_NUMERICSERV
    return [
        ResolveResult(hostname=host, host=str(place[0]), port=port, family=of, proto=protocol, flags=numeric)
        for of, _, protocol, _, place in found
    ]


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
