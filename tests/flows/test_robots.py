"""What a robots.txt says to us, and that none takes long to read."""

from __future__ import annotations

import random
import time

import pytest

from flows.robots import ROBOT, parse_robots

LONG = "http://a.example/" + "a" * 60_000
HOSTILE = {
    "many robots share many rules": "".join(f"User-agent: a{n}\n" for n in range(15_000)) + "Disallow: /x\n" * 25_000,
    "the same, oddly written": "".join(f"user agent a{n}\n" for n in range(15_000)) + "Disallow: /x\n" * 25_000,
    "a pattern of stars": "User-agent: *\nDisallow: /" + "*a" * 200_000 + "b\n",
    "many patterns of stars": "User-agent: *\n" + "Disallow: /*a*a*a*a*a*a*a*b\n" * 15_000,
    "no text": random.Random(1).randbytes(500_000).decode("utf-8", "replace"),
    "more than is read": "User-agent: *\n" + "# nothing\n" * 500_000,
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_none_takes_long_to_read_or_to_ask(text):
    start = time.process_time()
    assert parse_robots(text).can_fetch(LONG, ROBOT)
    assert time.process_time() - start < 5


@pytest.mark.parametrize(
    ("text", "allowed"),
    [
        ("User-agent: a\nUser-agent: b\nUser-agent: Rashomon\nDisallow: /a\n", False),
        ("User-agent: a\nUser-agent: b # rashomon\nDisallow: /a\n", True),
        ("User-agent: a\nDisallow: /a\nUser-agent: b\nDisallow: /\n", True),
        ("User-agent: a\n\nUser-agent: *\n# all\nUser-agent: b\nDisallow: /a\n", False),
        ("User-agent: *\nDisallow: /\nUser-agent: a\nUser-agent: rashomon\nUser-agent: b\nAllow: /\n", True),
    ],
)
def test_groups_of_several_robots_keep_their_rules(text, allowed):
    assert parse_robots(text).can_fetch("http://a.example/a", ROBOT) is allowed
