from __future__ import annotations

import asyncio
import shutil
import socket
import ssl
import subprocess
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import httpcore
import httpx
import pytest

from flows.connections import AddressRefused, Connections, NameUnresolved, check_address


def get(url: str, *, allow_private: bool) -> str:
    async def got() -> str:
        connections = Connections(allow_private=allow_private, kept=1, timeout=5)
        try:
            answer = await connections.get(httpx.URL(url), {})
            return (await answer.aread()).decode()
        finally:
            await connections.aclose()

    return asyncio.run(got())


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "127.8.8.8",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "255.255.255.255",
        "224.0.0.1",
        "240.0.0.1",
        "192.0.2.1",
        "::",
        "::1",
        "fe80::1",
        "fe80::1%eth0",
        "fec0::1",
        "fd00::1",
        "ff02::1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "2002:7f00:1::",
        "64:ff9b::a00:1",
    ],
)
def test_addresses_that_are_not_of_the_public_internet(address):
    with pytest.raises(AddressRefused, match="is not a public address"):
        check_address(address)


@pytest.mark.parametrize(
    "address", ["8.8.8.8", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808", "2002:808:808::"]
)
def test_addresses_of_the_public_internet(address):
    check_address(address)


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "2130706433", "0x7f.1", "0177.1", "127.1", "[::1]", "[::ffff:127.0.0.1]"]
)
def test_loopback_in_every_disguise_is_refused_before_a_connection(host, site):
    port = site.address.rpartition(":")[2]
    with pytest.raises(AddressRefused):
        get(f"http://{host}:{port}/", allow_private=False)
    assert not site.requests


def test_one_private_address_among_public_ones_is_enough(site, monkeypatch):
    monkeypatch.setattr("flows.connections._resolve", lambda host, port: ["93.184.216.34", "127.0.0.1"])
    with pytest.raises(AddressRefused):
        get(site.address, allow_private=False)


def test_a_name_that_is_public_when_checked_and_private_when_asked_again_is_connected_to_as_checked(site, monkeypatch):
    answers = iter(["192.0.2.1", "127.0.0.1"])
    asked, connected = [], []
    connect = httpcore.AnyIOBackend.connect_tcp

    def lookup(host, port, *_, **__):
        asked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (next(answers), port))]

    async def noted(self, host, *_, **__):
        connected.append(host)
        raise httpcore.ConnectError("nobody there")

    # for this test an address of documentation, at which nobody is, passes for a public one
    monkeypatch.setattr("flows.connections.check_address", lambda a: None if a == "192.0.2.1" else check_address(a))
    monkeypatch.setattr("flows.connections.socket.getaddrinfo", lookup)
    monkeypatch.setattr(httpcore.AnyIOBackend, "connect_tcp", noted)
    port = site.address.rpartition(":")[2]
    with pytest.raises(httpcore.ConnectError):
        get(f"http://rebound.example:{port}/", allow_private=False)
    assert (asked, connected) == (["rebound.example"], ["192.0.2.1"])
    monkeypatch.setattr(httpcore.AnyIOBackend, "connect_tcp", connect)
    with pytest.raises(AddressRefused, match=r"127\.0\.0\.1 is not a public address"):
        get(f"http://rebound.example:{port}/", allow_private=False)
    assert not site.requests


def test_a_proxy_of_the_environment_does_not_lead_around_the_check(site, monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", site.address)
    with pytest.raises(AddressRefused):
        get("http://127.0.0.1:1/", allow_private=False)
    assert not site.requests


def test_a_name_that_does_not_exist():
    with pytest.raises(NameUnresolved):
        get("http://no-such-host.invalid/", allow_private=True)


@pytest.mark.skipif(not shutil.which("openssl"), reason="needs openssl to make a certificate")
def test_certificates_are_verified_against_the_name_in_the_address(tmp_path, monkeypatch):
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    made = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"]
    made += ["-addext", "subjectAltName=DNS:localhost", "-keyout", str(key), "-out", str(certificate)]
    subprocess.run(made, check=True, capture_output=True)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"over TLS")

        def log_message(self, *_: object) -> None:
            pass

    asked_for = []
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    context.sni_callback = lambda _, name, __: asked_for.append(name)
    server = HTTPServer(("127.0.0.1", 0), Handler)
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    try:
        assert get(f"https://localhost:{server.server_port}/", allow_private=True) == "over TLS"
        with pytest.raises(httpcore.ConnectError, match="CERTIFICATE_VERIFY_FAILED"):
            get(f"https://127.0.0.1:{server.server_port}/", allow_private=True)
        monkeypatch.delenv("SSL_CERT_FILE")
        with pytest.raises(httpcore.ConnectError, match="CERTIFICATE_VERIFY_FAILED"):
            get(f"https://localhost:{server.server_port}/", allow_private=True)
    finally:
        server.shutdown()
        server.server_close()
    assert asked_for[0] == "localhost"
