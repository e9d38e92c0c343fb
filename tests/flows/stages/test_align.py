"""Claims keep their ids while a story grows."""

from __future__ import annotations

from align.claims import Claim
from flows.stages.align import claim_ids

STATEMENTS = ["s0", "s1", "s2", "s3", "s4", "s5"]


def claims(*members: tuple[int, ...]) -> list[Claim]:
    return [Claim(rows, (1.0,) * len(rows), rows[0], 1.0) for rows in members]


def ids(found: list[Claim], known: dict[str, str]) -> list[str]:
    return claim_ids("story", found, STATEMENTS, known)


def test_a_new_claim_gets_an_id_after_its_earliest_statement() -> None:
    assert ids(claims((0, 2)), {}) == ids(claims((0, 3)), {}) != ids(claims((1, 2)), {})


def test_a_claim_that_an_earlier_statement_joins_keeps_its_id() -> None:
    assert ids(claims((0, 2, 3)), {"s2": "old", "s3": "old"}) == ["old"]


def test_of_a_claim_that_falls_apart_the_larger_part_keeps_the_id() -> None:
    known = dict.fromkeys(STATEMENTS, "old")
    found = ids(claims((0, 1), (2, 3, 4)), known)
    assert found[1] == "old" != found[0]


def test_of_claims_that_become_one_the_larger_gives_the_id() -> None:
    assert ids(claims((0, 1, 2)), {"s0": "one", "s1": "two", "s2": "two"}) == ["two"]


def test_a_new_claim_does_not_take_the_id_of_a_known_one() -> None:
    (old,) = ids(claims((0, 1)), {})
    found = ids(claims((0, 5), (1, 2, 3)), {"s1": old, "s2": old, "s3": old})
    assert found[1] == old and found[0] != old
