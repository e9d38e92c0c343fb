"""Stories and claims as lists: a row each."""

from __future__ import annotations

from flows.reports.lists import list_claims, list_stories
from storage import Warehouse


def test_a_story_is_a_row(enclave: Warehouse) -> None:
    stories = list_stories(enclave)
    assert stories.columns == ["story_id", "outlets", "articles", "claims", "since", "title"]
    assert [row[1:] for row in stories.rows] == [
        (9, 9, 26, "2018-09-04", "Army ready for Idlib as provocateurs import poison")
    ]


def test_a_claim_is_a_row_those_that_most_outlets_make_first(enclave: Warehouse) -> None:
    claims = list_claims(enclave)
    assert claims.columns == ["claim_id", "outlets", "languages", "probability", "claim"]
    told_by = [row[1] for row in claims.rows]
    assert len(told_by) == 26 and told_by == sorted(told_by, reverse=True)
    assert claims.rows[0][1:4] == (6, "ar en ru", 0.8)


def test_claims_can_be_of_one_story(enclave: Warehouse) -> None:
    ((story, *_),) = list_stories(enclave).rows
    assert list_claims(enclave, story) == list_claims(enclave)
    assert list_claims(enclave, "another").rows == []
