"""`rashomon evaluate`: what is scored is what the pipeline made, and it is kept to be looked at."""

from __future__ import annotations

import json
from itertools import combinations
from pathlib import Path

import pytest
from commands import Command

from flows.gold import load_event
from storage import Warehouse

GOLD = Path(__file__).parents[2] / "configs" / "gold"


def test_one_event_is_scored_and_its_warehouse_kept(rashomon: Command) -> None:
    told = json.loads(rashomon("evaluate", str(GOLD / "enclave"), "--json", "--warehouse", "kept.duckdb").stdout)
    (scores,) = told["events"]
    assert scores["event"] == "enclave" and told["mean"]["pair_f1"] == scores["pair_f1"]
    assert scores["segmentation"] >= 0.99 and scores["stories_f1"] == 1.0
    assert [row["language"] for row in told["languages"]] == ["ar", "en", "ru", "all"]
    assert all(0.8 <= row[name] <= 1 for row in told["languages"] for name in ("speaker_f1", "quote_accuracy"))
    # The pairs that the kept warehouse holds, counted here anew, give the pairwise scores told.
    found = Warehouse(rashomon.folder / "kept.duckdb").query(
        """
        SELECT cs.claim_id, s.article_id, s.start_offset, a.outlet
        FROM claim_statements cs JOIN statements s USING (statement_id) JOIN articles a USING (article_id)
        """
    )
    gold = {(s.article_id, s.start): s.claim for s in load_event(GOLD / "enclave").statements}
    pairs = [(a, b) for a, b in combinations(found.rows, 2) if a[0] == b[0] and a[3] != b[3]]
    right = sum(gold[a[1], a[2]] is not None and gold[a[1], a[2]] == gold[b[1], b[2]] for a, b in pairs)
    assert scores["pair_precision"] == pytest.approx(right / len(pairs), abs=1e-4)
    # Some denials are found and right, and no claim counts as contested that is in none.
    denials = Warehouse(rashomon.folder / "kept.duckdb").query("SELECT claim_id, denial_id FROM denials").rows
    assert denials and 0 < scores["denies_f1"] <= 1 and 0 < scores["discrepancy_f1"] <= 1
    linked, contested = len({claim for link in denials for claim in link}), len(load_event(GOLD / "enclave").contested)
    assert 0 < scores["contested_f1"] <= 2 * linked / (linked + contested) + 1e-4


def test_without_translations_claims_are_the_same_and_nothing_is_in_english(rashomon: Command) -> None:
    rashomon("evaluate", str(GOLD / "oil"), "--translations", "none", "--warehouse", "none.duckdb")
    store = Warehouse(rashomon.folder / "none.duckdb")
    assert store.query("SELECT count(*) FROM told WHERE language <> 'en' AND english IS NOT NULL").rows == [(0,)]
    assert store.query("SELECT count(*) > 20 FROM claims").rows == [(True,)]


def test_a_warehouse_that_exists_is_not_scored_into(rashomon: Command) -> None:
    (rashomon.folder / "there.duckdb").touch()
    told = rashomon("evaluate", str(GOLD / "oil"), "--warehouse", "there.duckdb", code=1).stderr
    assert "there.duckdb exists already" in told


def test_a_folder_that_is_no_event_is_named(rashomon: Command) -> None:
    assert "articles.jsonl cannot be read" in rashomon("evaluate", ".", code=1).stderr
