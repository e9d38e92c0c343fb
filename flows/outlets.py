"""What is known of outlets: the shipped list, with a run's own entries over it, and which of them publishes what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from urllib.parse import urlsplit

import yaml

from flows.settings import OutletSettings
from storage import rows


@dataclass(frozen=True, slots=True)
class Publisher:
    """An outlet's name. `named_by` tells what it was named after where no list has it: domain, channel or feed."""

    name: str
    named_by: str | None = None


class Outlets:
    """The outlets that are known, by name, by domain and by Telegram channel."""

    def __init__(self, overrides: Mapping[str, OutletSettings]) -> None:
        """An override replaces the shipped entry of that name as a whole."""
        text = (resources.files("configs") / "outlets.yaml").read_text("utf-8")
        known = {name: OutletSettings.model_validate(entry) for name, entry in yaml.safe_load(text).items()}
        known |= overrides
        self.rows = {
            name: rows.Outlet(name, outlet.country, outlet.language, outlet.affiliation, outlet.group)
            for name, outlet in known.items()
        }
        self._domains = {host_of(f"//{domain}"): name for name, outlet in known.items() for domain in outlet.domains}
        self._channels = {channel: name for name, outlet in known.items() for channel in outlet.channels}

    def at(self, address: str, otherwise: Publisher | None = None) -> Publisher:
        """Who publishes at an address: the outlet with that domain or the nearest one above, else `otherwise`.

        Where that is not given either, an outlet named after the domain, without `www`.
        """
        host = host_of(address)
        parts = host.split(".")
        for start in range(len(parts)):
            if name := self._domains.get(".".join(parts[start:])):
                return Publisher(name)
        return otherwise or Publisher(host, "domain")

    def of_channel(self, number: str, name: str) -> Publisher:
        """Who publishes a Telegram channel, known by its number or its name; else an outlet of that name."""
        known = self._channels.get(number) or self._channels.get(name)
        return Publisher(known) if known else Publisher(name, "channel")


def host_of(address: str) -> str:
    """The host of an address in one spelling: without `www`, and as people write it (`пример.рф`)."""
    try:
        host = (urlsplit(address).hostname or "").rstrip(".").removeprefix("www.")
        return host.encode("ascii").decode("idna")
    except UnicodeError:
        return host.casefold()
    except ValueError:
        return ""
