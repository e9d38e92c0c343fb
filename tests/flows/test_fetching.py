from __future__ import annotations

import asyncio
import gzip
import threading
import time
import zlib
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

import flows.connections
from flows.fetching import Answer, Asked, Fetcher, FetchError, user_agent
from flows.settings import FetchSettings


class Clock:
    """A clock that only sleeping moves on."""

    def __init__(self) -> None:
        self.time = 1000.0
        self.slept: list[float] = []

    def now(self) -> float:
        return self.time

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.time += seconds


@pytest.fixture
def clock():
    return Clock()


class Waiting:
    """A fetcher for one page at a time."""

    def __init__(self, fetcher: Fetcher, runner: asyncio.Runner) -> None:
        self.fetcher, self.runner = fetcher, runner

    def fetch(self, url: str, **known: str | None) -> Answer:
        return self.runner.run(self.fetcher.fetch(url, **known))


@pytest.fixture
def fetching(clock):
    """A fetcher that may fetch from loopback and, by its clock, loses no time."""
    made = []
    with asyncio.Runner() as runner:

        def make(asked_today=None, **settings):
            settings = FetchSettings(**{"allow_private": True, "delay": 0, "timeout": 5, **settings})
            fetcher = Fetcher(settings, asked_today, now=clock.now, sleep=clock.sleep)
            made.append(fetcher)
            return Waiting(fetcher, runner)

        yield make
        for fetcher in made:
            runner.run(fetcher.__aexit__())


def failure(fetcher: Waiting, url: str) -> FetchError:
    with pytest.raises(FetchError) as error:
        fetcher.fetch(url)
    assert "\n" not in str(error.value)
    return error.value


class TestAnswer:
    def test_a_page_with_what_its_headers_say(self, site, fetching):
        url = site.add(
            "/a",
            "Мир".encode("cp1251"),
            Content_Type="Text/HTML; charset=windows-1251",
            ETag='"1"',
            Last_Modified="then",
        )
        assert fetching().fetch(url) == Answer(
            url, 200, "Мир".encode("cp1251"), "text/html", "windows-1251", '"1"', "then"
        )

    def test_an_answer_that_says_nothing_of_itself(self, site, fetching):
        url = site.add("/a", "text")
        assert fetching().fetch(url) == Answer(url, 200, b"text", None, None, None, None)

    def test_a_page_that_has_not_changed_is_not_sent_again(self, site, fetching):
        url = site.add("/a", "text", ETag='"1"', Last_Modified="Thu, 15 Jun 2023 12:00:00 GMT")
        fetcher = fetching()
        for known in ({"etag": '"1"'}, {"last_modified": "Thu, 15 Jun 2023 12:00:00 GMT"}):
            answer = fetcher.fetch(url, **known)
            assert (answer.not_modified, answer.status, answer.body) == (True, 304, b"")
        assert fetcher.fetch(url, etag='"2"').body == b"text"

    @pytest.mark.parametrize("value", ["“1”", "\u00e9", "1\x7f", "x" * 2000])
    def test_what_cannot_be_sent_back_is_not_kept(self, site, fetching, value):
        raw = value.encode().decode("latin-1")  # as http.server writes headers
        url = site.add("/a", "text", ETag=raw, Last_Modified=raw)
        answer = fetching().fetch(url)
        assert (answer.body, answer.etag, answer.last_modified) == (b"text", None, None)
        assert fetching().fetch(url, etag=value, last_modified=value).body == b"text"
        assert not {"if-none-match", "if-modified-since"} & set(site.requests[-1][1])

    @pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 204])
    def test_other_statuses_are_final(self, site, fetching, status):
        error = failure(fetching(), site.add("/a", status=status))
        assert (str(error), error.status, error.temporary) == (f"the host answered {status}", status, False)
        assert site.asked() == ["/a"]

    def test_the_user_agent_says_who_asks(self, site, fetching):
        fetching(contact="mailto:desk@news.example").fetch(site.add("/a", "text"))
        assert all(h["user-agent"] == user_agent("mailto:desk@news.example") for _, h in site.requests)

    def test_a_contact_cannot_break_the_header(self):
        assert user_agent("a\r\nX: y é").endswith(" (+aX: y)")
        assert "(" not in user_agent(None)
        assert user_agent("\n").startswith("rashomon/")


class TestLimits:
    def test_an_answer_as_large_as_allowed(self, site, fetching):
        assert len(fetching(max_bytes=1000).fetch(site.add("/a", b"x" * 1000)).body) == 1000

    def test_a_larger_answer(self, site, fetching):
        error = failure(fetching(max_bytes=1000), site.add("/a", b"x" * 1001))
        assert ("larger than 1000 bytes" in str(error), error.temporary) == (True, False)

    def test_an_endless_answer(self, site, fetching):
        def endless(request):
            request.send_response(200)
            request.end_headers()
            while True:
                request.wfile.write(b"x" * 10_000)

        assert "larger than 100000 bytes" in str(failure(fetching(max_bytes=100_000), site.behave("/a", endless)))

    @pytest.mark.parametrize("compress", [gzip.compress, zlib.compress])
    def test_compressed_answers(self, site, fetching, compress):
        encoding = "gzip" if compress is gzip.compress else "deflate"
        url = site.add("/a", compress(b"text" * 1000), Content_Encoding=encoding)
        assert fetching(max_bytes=4000).fetch(url).body == b"text" * 1000

    def test_a_small_answer_that_would_unfold_to_a_large_one(self, site, fetching):
        bomb = gzip.compress(bytes(50_000_000))
        error = failure(fetching(max_bytes=100_000), site.add("/a", bomb, Content_Encoding="gzip"))
        assert "larger than 100000 bytes" in str(error)

    def test_an_encoding_nobody_asked_for(self, site, fetching):
        assert "'gzip, gzip'" in str(failure(fetching(), site.add("/a", b"x", Content_Encoding="gzip, gzip")))

    def test_what_is_not_compressed_as_it_says(self, site, fetching):
        error = failure(fetching(retries=0), site.add("/a", b"plain", Content_Encoding="gzip"))
        assert (str(error), error.temporary) == ("the answer is compressed wrongly", True)

    @pytest.mark.parametrize("head", [b"", b"HTTP/1.1 200 OK\r\n\r\n"])
    def test_an_answer_that_drips_without_end(self, site, fetching, head):
        def drip(request):
            request.wfile.write(head)
            while True:
                request.wfile.write(b"x")
                time.sleep(0.02)

        url = site.behave("/a", drip)
        site.add("/robots.txt", "")
        error = failure(fetching(timeout=0.15), url)
        assert (str(error), error.temporary) == ("the answer took longer than 0.45 seconds", True)
        assert site.asked() == ["/a"]

    def test_a_host_that_says_nothing(self, site, fetching):
        url = site.behave("/a", lambda request: time.sleep(0.5))
        site.add("/robots.txt", "")
        error = failure(fetching(timeout=0.1, retries=1), url)
        assert (str(error), error.temporary, error.status) == ("no answer within 0.1 seconds", True, None)
        assert site.asked() == ["/a", "/a"]


BROTLI = bytes.fromhex(  # a hundred million zeros
    "cbffff3ff82700e2b14020f7fe8fffff7ff04f00c4611180eefd1fffffffe09f0088c30200ddfb3ffeffffc13f0110870500baf77ffcffff837f02200e0b0074effff8ffff07ff04401c1600e8defff1ffff0ffe0980382c00d0bdffe3ffff1ffc1300715800a07bffc7ffff3ff82700e2b00040f7fe8fffff7ff04f00c4610180eefd1fffffffe09f0088c30200ddfbbffc07afc33f0110870500bad875"
)
OK = b"HTTP/1.1 200 OK\r\n"
CHUNKED = OK + b"Transfer-Encoding: chunked\r\n\r\n"


def once_then(head: bytes, more: bytes = b""):
    """Sends the head, and then more of the same for ever; without more it hangs up."""

    def behaviour(request):
        request.close_connection = True
        request.wfile.write(head)
        while more:
            request.wfile.write(more)

    return behaviour


NO_ANSWERS = {
    "a status line without end": (b"HTTP/1.1 200 ", b"O" * 65_536),
    "a status line that is none": (b"\x1b[31mHTTP" + b"x" * 50_000 + b"\r\n\r\n", b""),
    "a header line of many megabytes": (OK + b"X-Long: ", b"x" * 65_536),
    "a header line that is none": (OK + b"\x00" * 50_000 + b"\r\n\r\n", b""),
    "headers without end": (OK, b"X-More: 1\r\n" * 5_000),
    "twenty thousand headers": (OK + b"X-More: value\r\n" * 20_000 + b"\r\n", b""),
    "a negative length": (OK + b"Content-Length: -1\r\n\r\nx", b""),
    "two lengths": (OK + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\nxx", b""),
    "a length that is none": (OK + b"Content-Length: many\r\n\r\nx", b""),
    "more promised than sent": (OK + b"Content-Length: 100\r\n\r\nx", b""),
    "a chunk of a negative size": (CHUNKED + b"-1\r\nx\r\n", b""),
    "a chunk of no size": (CHUNKED + b"nonsense\r\nx\r\n", b""),
    "a chunk larger than a number may be": (CHUNKED + b"f" * 21 + b"\r\nx", b""),
    "a chunk cut short": (CHUNKED + b"ffffffffffffffff\r\nx", b""),
    "an extension of a chunk without end": (CHUNKED + b"1;", b"x" * 65_536),
    "a trailer without end": (CHUNKED + b"0\r\n", b"X-More: 1\r\n" * 5_000),
}


class TestHostileHosts:
    @pytest.mark.parametrize(("head", "more"), NO_ANSWERS.values(), ids=NO_ANSWERS)
    def test_what_is_no_answer_is_told_in_a_line_and_the_next_page_is_had(self, site, fetching, head, more):
        url, good = site.behave("/a", once_then(head, more)), site.add("/b", "text")
        site.add("/robots.txt", "")
        fetcher = fetching(retries=1)
        error = failure(fetcher, url)
        assert str(error).startswith("no answer: ") and len(str(error)) < 250
        assert error.temporary and "\x1b" not in str(error)
        assert fetcher.fetch(good).body == b"text"

    @pytest.mark.parametrize(
        "head",
        [OK + b"\r\n", CHUNKED, CHUNKED + b"ffffffffffffffff\r\n", OK + b"Content-Length: 9999999999999\r\n\r\n"],
    )
    def test_a_body_without_end_however_it_is_announced(self, site, fetching, head):
        more = b"2710\r\n" + b"x" * 10_000 + b"\r\n" if head == CHUNKED else b"x" * 10_000
        error = failure(fetching(max_bytes=100_000), site.behave("/a", once_then(head, more)))
        assert "larger than 100000 bytes" in str(error) and not error.temporary

    def test_more_than_was_promised_is_not_read_and_spoils_no_page_of_another_host(self, site, fetching):
        extra = b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil"
        url = site.behave("/a", once_then(OK + b"Content-Length: 4\r\n\r\ntext" + extra))
        good = site.add("/b", "good").replace("127.0.0.1", "localhost")
        fetcher = fetching()
        assert [fetcher.fetch(url).body, fetcher.fetch(good).body] == [b"text", b"good"]

    def test_provisional_answers_without_end_end_with_the_time(self, site, fetching):
        url = site.behave("/a", once_then(b"", b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n" * 10))
        site.add("/robots.txt", "")
        error = failure(fetching(timeout=0.2), url)
        assert (str(error), error.temporary) == ("the answer took longer than 0.6 seconds", True)

    @pytest.mark.parametrize("plain", [b"", b"text"])
    def test_what_comes_behind_the_end_of_compressed_data_is_not_gathered(self, site, fetching, plain):
        head = OK + b"Content-Encoding: gzip\r\n\r\n" + gzip.compress(plain)
        error = failure(fetching(max_bytes=100_000), site.behave("/a", once_then(head, b"x" * 10_000)))
        assert "larger than 100000 bytes" in str(error)

    def test_compressed_data_that_gives_nothing_without_end(self, site, fetching):
        empty_blocks = b"\x00\x00\x00\xff\xff" * 2_000  # of deflate, stored, of no length, none the last
        head = OK + b"Content-Encoding: gzip\r\n\r\n\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03"
        error = failure(fetching(max_bytes=100_000), site.behave("/a", once_then(head, empty_blocks)))
        assert "larger than 100000 bytes" in str(error)

    @pytest.mark.parametrize("encoding", ["br", "BR", "zstd", "br, gzip", "gzip, br"])
    def test_brotli_and_the_like_are_refused_and_never_unpacked(self, site, fetching, encoding):
        error = failure(fetching(), site.add("/a", BROTLI, Content_Encoding=encoding))
        assert str(error) == f"the answer is in the encoding {encoding.lower()!r}, which was not asked for"
        assert not error.temporary
        assert {headers["accept-encoding"] for _, headers in site.requests} == {"gzip"}

    @pytest.mark.parametrize("length", [50_000, 90_000])
    def test_a_move_to_an_address_without_end_makes_no_reason_without_end(self, site, fetching, length):
        error = failure(fetching(), site.add("/a", status=302, Location="/" + "x" * length))
        assert len(str(error)) < 400

    def test_a_type_without_end_is_cut(self, site, fetching):
        answer = fetching().fetch(site.add("/a", "text", Content_Type="x" * 50_000 + "; charset=" + "y" * 20_000))
        assert len(answer.content_type) == 100

    def test_a_robots_txt_without_end_closes_the_host_and_no_other(self, site, fetching):
        site.behave("/robots.txt", once_then(OK + b"\r\n", b"Disallow: /x\n" * 1_000))
        fetcher = fetching(max_bytes=100_000)
        error = failure(fetcher, site.add("/a", "text"))
        assert str(error).startswith("robots.txt of the host: larger than 100000 bytes")

    @pytest.mark.parametrize(
        "rules", [bytes(range(256)) * 1_000, b"User-agent: *\nDisallow: /*a*a*a*a*a*a*a*b\n"], ids=["noise", "stars"]
    )
    def test_a_robots_txt_of_noise_or_of_stars_is_read(self, site, fetching, rules):
        site.add("/robots.txt", rules)
        path = "/" + "a" * 20_000
        assert fetching().fetch(site.add(path, "text")).body == b"text"

    @pytest.mark.parametrize(
        "path", ["/\x00", "/\n/b", "/" + "x" * 100_000, "/\u202egpj.exe"], ids=["nul", "newline", "long", "bidi"]
    )
    def test_odd_addresses_are_refused_or_asked_for_in_ascii(self, site, fetching, path):
        error = failure(fetching(), site.address + path)
        assert len(str(error)) < 300 and "\x00" not in str(error)
        assert all(asked.isascii() and asked.isprintable() for asked in site.asked())

    def test_a_password_in_an_address_is_no_way_to_another_host(self, site, fetching):
        url = site.add("/a", "text").replace("http://", "http://public.example:80@")
        error = failure(fetching(allow_private=False), url)
        assert "127.0.0.1 is not a public address" in str(error) and not site.requests

    @pytest.mark.parametrize("host", ["①②⑦.⓪.⓪.①", "127。0。0。1", "ⓛⓞⓒⓐⓛⓗⓞⓢⓣ"])
    def test_a_private_address_in_letters_that_look_like_it_is_refused(self, site, fetching, host):
        port = site.address.rpartition(":")[2]
        failure(fetching(allow_private=False, retries=0), f"http://{host}:{port}/a")
        assert not site.requests

    @pytest.mark.parametrize("url", ["http://xn--a/", "http://xn--/", "http://[v1.a:b]/", "http://.]%2f[@/", "http://"])
    def test_a_host_that_is_no_name_is_no_address(self, fetching, url):
        assert not failure(fetching(retries=0), url).temporary

    @pytest.mark.parametrize("before", ["%D0%B9@", "a%3Ab:c@", "user:secret@"])
    def test_a_name_and_a_password_in_an_address_are_not_sent(self, site, fetching, before):
        assert fetching().fetch(site.add("/a", "text").replace("http://", f"http://{before}")).body == b"text"
        assert all("authorization" not in headers for _, headers in site.requests)

    @pytest.mark.parametrize("path", ["/%d0%b9", "/A%28b%29", "/a?u=http%3A%2F%2Fx&s=%2C~", "/a?b[]=1", "/a?"])
    def test_an_address_is_asked_for_as_it_is_written(self, site, fetching, path):
        fetching().fetch(site.add(path, "text"))
        assert site.asked() == [path]

    @pytest.mark.parametrize("kind", [b"text/\xd0", b"text/html; charset=\xff", b"text/html; " + b"(" * 5_000])
    def test_a_type_that_is_none_is_text_all_the_same(self, site, fetching, kind):
        url = site.behave("/a", once_then(OK + b"Content-Type: " + kind + b"\r\nContent-Length: 4\r\n\r\ntext"))
        answer = fetching().fetch(url)
        assert answer.body == b"text"
        assert (str(answer.content_type) + str(answer.charset)).encode()

    def test_a_chunk_that_is_wrong_behind_a_good_one_is_told_at_once(self, site, fetching):
        def late(request):
            request.close_connection = True
            for part in (CHUNKED + b"1\r\nx\r\n", b"nonsense\r\n"):
                request.wfile.write(part)
                time.sleep(0.2)

        site.add("/robots.txt", "")
        start = time.monotonic()
        assert failure(fetching(retries=0, timeout=10), site.behave("/a", late)).temporary
        assert time.monotonic() - start < 5

    def test_a_host_that_looks_like_another_is_asked_for_by_its_own_name(self, fetching):
        error = failure(fetching(retries=0), "http://аррӏе.invalid/")  # in Cyrillic letters
        assert "xn--" in str(error) and "apple" not in str(error)


class TestRetries:
    @pytest.mark.parametrize("status", [429, 500, 502, 503])
    def test_a_failure_that_passes(self, site, fetching, clock, status):
        site.add("/a", status=status)
        site.add("/a", status=status)
        assert fetching().fetch(site.add("/a", "text")).body == b"text"
        first, second = clock.slept
        assert 0.25 <= first <= 0.75 and 0.5 <= second <= 1.5

    def test_a_failure_that_stays(self, site, fetching):
        error = failure(fetching(retries=2), site.add("/a", status=500))
        assert (str(error), error.status, error.temporary) == ("the host answered 500", 500, True)
        assert site.asked() == ["/a"] * 3

    def test_waiting_as_long_as_the_host_says(self, site, fetching, clock):
        site.add("/a", status=429, Retry_After="7")
        site.add("/a", status=503, Retry_After=format_datetime(datetime.now(UTC) + timedelta(seconds=30), usegmt=True))
        site.add("/a", status=503, Retry_After="whenever")
        fetching().fetch(site.add("/a", "text"))
        seconds, date, neither = clock.slept
        assert seconds == 7
        assert 20 < date <= 30
        assert neither < 5

    def test_a_host_that_asks_for_more_than_a_minute_is_left_alone(self, site, fetching, clock):
        error = failure(fetching(), site.add("/a", status=429, Retry_After="3600"))
        assert str(error) == "the host answered 429 and asks to wait 3600 seconds, over the 60 we wait"
        assert (error.temporary, clock.slept, site.asked()) == (True, [], ["/a"])

    @pytest.mark.parametrize("digits", [20, 400, 5000])
    def test_a_host_that_asks_for_ages_is_left_alone(self, site, fetching, clock, digits):
        error = failure(fetching(), site.add("/a", status=429, Retry_After="9" * digits))
        assert "over the 60 we wait" in str(error) and len(str(error)) < 100
        assert (error.temporary, clock.slept, site.asked()) == (True, [], ["/a"])

    @pytest.mark.parametrize("value", ["-5", "nan", "1e3", "Thu, 15 Jun 99999999999 12:00:00 GMT", "é"])
    def test_a_wait_that_nobody_understands_is_none(self, site, fetching, clock, value):
        site.add("/a", status=503, Retry_After=value)
        assert fetching().fetch(site.add("/a", "text")).body == b"text"
        assert max(clock.slept) < 5

    def test_a_broken_connection(self, site, fetching):
        def hang_up(request):
            request.close_connection = True

        site.behave("/a", hang_up)
        assert fetching().fetch(site.add("/a", "text")).body == b"text"

    def test_no_host_at_all(self, fetching, site):
        error = failure(fetching(retries=1), "http://no-such-host.invalid/a")
        assert error.temporary and "cannot be found" in str(error)

    def test_a_host_that_never_answers_is_given_up(self, site, fetching):
        def hang_up(request):
            request.close_connection = True

        site.add("/robots.txt", "")
        fetcher = fetching(retries=0)
        errors = [failure(fetcher, site.behave(f"/{n}", hang_up)) for n in range(7)]
        assert str(errors[-1]) == "not asked: 127.0.0.1 gave no answer 5 times in a row"
        assert errors[-1].temporary and len(site.asked()) == 5


class TestRedirects:
    def test_a_page_that_has_moved(self, site, fetching):
        url = site.add("/new/b", "text")
        site.add("/a", status=301, Location="/new/a")
        site.add("/new/a", status=302, Location="b")
        answer = fetching().fetch(site.address + "/a")
        assert (answer.url, answer.body) == (url, b"text")

    def test_a_page_that_moves_for_ever(self, site, fetching):
        error = failure(fetching(), site.add("/a", status=302, Location="/a"))
        assert (str(error), error.temporary) == ("more than 5 redirects", False)
        assert len(site.asked()) == 6

    @pytest.mark.parametrize(
        "location", ["file:///etc/passwd", "ftp://a.example/x", "http://[::1", "javascript:alert(1)"]
    )
    def test_a_move_to_where_nobody_goes(self, site, fetching, location):
        error = failure(fetching(), site.add("/a", status=302, Location=location))
        assert not error.temporary and site.asked() == ["/a"]

    @pytest.mark.parametrize(
        "target", ["http://127.0.0.2:{}/b", "http://169.254.169.254/b", "http://2130706434:{}/b", "http://[::1]:{}/b"]
    )
    def test_a_move_to_a_private_address(self, site, fetching, monkeypatch, target):
        check = flows.connections.check_address
        # for this test the site's own address, and no other, passes for a public one
        monkeypatch.setattr(flows.connections, "check_address", lambda a: None if a == "127.0.0.1" else check(a))
        site.add("/b", "secret")
        url = site.add("/a", status=302, Location=target.format(site.address.rpartition(":")[2]))
        error = failure(fetching(allow_private=False), url)
        assert "is not a public address" in str(error) and not error.temporary
        assert str(error).startswith("redirected to http://")
        assert site.asked() == ["/a"]

    def test_the_failure_of_a_page_moved_to_names_it(self, site, fetching):
        site.add("/a", status=302, Location="/b")
        error = failure(fetching(), site.address + "/a")
        assert (str(error), error.status) == (f"redirected to {site.address}/b: the host answered 404", 404)


class TestAddresses:
    @pytest.mark.parametrize(
        "url", ["ftp://a.example/", "file:///etc/passwd", "/a", "", "http://", "http://a:b/", "http://[::1"]
    )
    def test_only_http(self, fetching, url):
        assert not failure(fetching(), url).temporary

    def test_loopback_only_where_it_is_allowed(self, site, fetching):
        error = failure(fetching(allow_private=False), site.add("/a", "text"))
        assert "127.0.0.1 is not a public address; `allow_private: true` under `fetch` would allow it" in str(error)
        assert (error.temporary, site.requests) == (False, [])


class TestManners:
    def test_what_robots_txt_forbids_is_not_asked_for(self, site, fetching):
        site.add("/robots.txt", "User-agent: *\nDisallow: /\n\nUser-agent: Rashomon\nDisallow: /private\n")
        fetcher = fetching()
        assert fetcher.fetch(site.add("/a", "text")).body == b"text"
        error = failure(fetcher, site.add("/private/b", "text"))
        assert (str(error), error.temporary, error.status) == ("robots.txt of the host forbids it", False, None)
        assert site.asked(robots=True) == ["/robots.txt", "/a"]

    def test_a_redirect_leads_to_nothing_forbidden(self, site, fetching):
        site.add("/robots.txt", "User-agent: *\nDisallow: /private\n")
        error = failure(fetching(), site.add("/a", status=302, Location="/private/b"))
        assert str(error) == f"redirected to {site.address}/private/b: robots.txt of the host forbids it"

    @pytest.mark.parametrize("status", [404, 403, 410])
    def test_without_a_robots_txt_all_is_allowed(self, site, fetching, status):
        site.add("/robots.txt", status=status)
        assert fetching().fetch(site.add("/a", "text")).body == b"text"

    @pytest.mark.parametrize("status", [429, 500, 503])
    def test_with_a_robots_txt_that_fails_nothing_is_allowed_for_now(self, site, fetching, status):
        site.add("/robots.txt", status=status)
        fetcher = fetching(retries=1)
        for path in ("/a", "/b"):
            error = failure(fetcher, site.add(path, "text"))
            assert (str(error), error.temporary) == (f"robots.txt of the host: the host answered {status}", True)
        assert site.asked(robots=True) == ["/robots.txt"] * 2

    def test_requests_to_one_host_keep_their_distance(self, site, fetching, clock):
        fetcher = fetching(delay=3)
        for path in ("/a", "/b"):
            fetcher.fetch(site.add(path, "text"))
        assert clock.slept == [3, 3]

    def test_time_that_has_passed_anyway_is_not_waited_for(self, site, fetching, clock):
        fetcher = fetching(delay=3)
        fetcher.fetch(site.add("/a", "text"))
        clock.time += 2
        fetcher.fetch(site.add("/b", "text"))
        assert clock.slept == [3, 1]

    @pytest.mark.parametrize(("delay", "crawl_delay", "kept"), [(1, 5, 5), (5, 1, 5)])
    def test_the_longer_delay_counts(self, site, fetching, clock, delay, crawl_delay, kept):
        site.add("/robots.txt", f"User-agent: *\nCrawl-delay: {crawl_delay}\n")
        fetcher = fetching(delay=delay)
        for path in ("/a", "/b"):
            fetcher.fetch(site.add(path, "text"))
        assert clock.slept == [delay, kept]

    def test_a_host_that_asks_for_minutes_between_requests_is_not_asked(self, site, fetching):
        site.add("/robots.txt", "User-agent: *\nCrawl-delay: 3600\n")
        error = failure(fetching(), site.add("/a", "text"))
        assert str(error) == "robots.txt of the host asks for 3600 seconds between requests, over the 60 we wait"
        assert not error.temporary

    def test_a_host_is_asked_so_often_a_day_and_then_left_until_another_day(self, site, fetching):
        site.add("/robots.txt", "")
        fetcher = fetching({"127.0.0.1": 3}, a_day=5)
        assert fetcher.fetch(site.add("/a", "text")).body == b"text"
        error = failure(fetcher, site.add("/b", "text"))
        told = "not asked: 127.0.0.1 was asked 5 times today; `a_day` under `fetch` would allow more"
        assert (str(error), error.temporary) == (told, True)
        assert site.asked(robots=True) == ["/robots.txt", "/a"]

    def test_a_host_that_was_asked_enough_is_not_even_asked_for_its_robots_txt(self, site, fetching):
        error = failure(fetching({"127.0.0.1": 5}, a_day=5), site.add("/a", "text"))
        assert str(error).startswith("not asked: ") and site.requests == []

    def test_what_a_host_was_asked_is_counted(self, site, fetching):
        fetcher = fetching(retries=1)
        fetcher.fetch(site.add("/a", "text"))
        failure(fetcher, site.add("/b", status=500))
        asked = fetcher.fetcher.take_asked()
        assert asked == {"127.0.0.1": Asked(requests=4, failures=3, bytes=4)}  # it has no robots.txt
        assert fetcher.fetcher.take_asked() == {}


class TestTogether:
    """Requests that are made at once, by the real clock."""

    @pytest.fixture
    def together(self):
        """Fetches all at once; gives answers and errors."""

        def run(*urls: str, **settings):
            async def all_of_them():
                async with Fetcher(
                    FetchSettings(**{"allow_private": True, "delay": 0, "timeout": 5, **settings})
                ) as made:
                    return await asyncio.gather(*map(made.fetch, urls), return_exceptions=True)

            return asyncio.run(all_of_them())

        return run

    def test_one_host_has_one_request_at_a_time(self, site, together):
        at_once, most = [], []

        def slow(request):
            at_once.append(request)
            most.append(len(at_once))
            time.sleep(0.02)
            at_once.pop()
            request.send_response(200)
            request.send_header("Content-Length", "0")
            request.end_headers()

        together(*(site.behave(f"/{n}", slow) for n in range(8)))
        assert most == [1] * 8
        assert site.asked(robots=True).count("/robots.txt") == 1

    def test_another_host_does_not_wait_for_a_slow_one(self, site, together):
        done = threading.Event()

        def answer(request, status):
            request.send_response(status)
            request.send_header("Content-Length", "0")
            request.end_headers()

        def quick(request):
            done.set()
            answer(request, 200)

        slow = site.behave("/slow", lambda request: answer(request, 200 if done.wait(4) else 404))
        other = site.behave("/quick", quick).replace("127.0.0.1", "localhost")
        assert [found.status for found in together(slow, other)] == [200, 200]

    def test_while_a_host_asks_to_wait_nothing_else_is_asked_of_it(self, site, together):
        moments = []
        site.add("/robots.txt", "")

        def busy(request):
            moments.append(time.monotonic())
            request.send_response(503 if len(moments) == 1 else 200)
            request.send_header("Retry-After", "1")
            request.send_header("Content-Length", "0")
            request.end_headers()

        together(site.behave("/a", busy), site.behave("/b", busy))
        assert len(moments) == 3 and moments[1] - moments[0] >= 0.9
