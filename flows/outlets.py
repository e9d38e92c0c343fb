"""What is known of outlets: the shipped list, with a run's own entries over it."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import resources

import yaml

from flows.settings import OutletSettings
from storage import rows


def load_outlets(overrides: Mapping[str, OutletSettings]) -> dict[str, rows.Outlet]:
    """A row an outlet, by its name; an override replaces the shipped entry of that name as a whole."""
    text = (resources.files("configs") / "outlets.yaml").read_text("utf-8")
    known = {name: OutletSettings.model_validate(entry) for name, entry in yaml.safe_load(text).items()}
    known |= overrides
    return {
        name: rows.Outlet(name, outlet.country, outlet.language, outlet.affiliation, outlet.group)
        for name, outlet in known.items()
    }
