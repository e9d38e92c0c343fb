"""The rules of a robots.txt, read in bounded time whatever it says."""

from __future__ import annotations

import re

from protego import Protego

ROBOT = "rashomon"  # the name that robots.txt files know us by
MOST_READ = 512_000  # characters; RFC 9309 has us read that much
AGENT = re.compile(r"\s*user[-\s]*agent\s*:?(.*)", re.IGNORECASE)


def parse_robots(text: str) -> Protego:
    """The rules for us. Of other robots that share a group only the first is kept: each would get all of its rules."""
    kept: list[str] = []
    is_others = False  # whether the last line kept names another robot
    for line in text[:MOST_READ].splitlines():
        line = line.partition("#")[0]
        if not line.strip():
            continue
        named = AGENT.match(line)
        names_other = named is not None and named[1].replace("*", "").strip().lower() not in ROBOT
        if not (names_other and is_others):
            kept.append(line)
        is_others = names_other
    return Protego.parse("\n".join(kept))
