"""Articles grouped batch by batch, day by day: new ones join or open stories, and the past stays as it was."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from align.encoders import EmbeddedEncoder
from align.stories import Background
from flows.lexicons import load_names, load_reporting
from flows.settings import Settings
from flows.sources.tables import read_time
from flows.stages.encode import encoder_key
from flows.stages.group import group_batch, load_background
from flows.stages.read import Reader
from storage import Warehouse, rows

Stories = dict[str, str]


@pytest.fixture(scope="module")
def encoder() -> EmbeddedEncoder:
    return EmbeddedEncoder()


@pytest.fixture(scope="module")
def background(encoder: EmbeddedEncoder) -> Background:
    return load_background(encoder)
