"""Who publishes what: by domain, by channel, else named after it."""

from __future__ import annotations

import pytest

from flows.outlets import Outlets, Publisher
from flows.settings import OutletSettings

OUTLETS = Outlets(
    {
        "Wire": OutletSettings(domains=["www.Wire.example", "blog.other.example"]),
        "Пример": OutletSettings(domains=["пример.рф"], channels=["15"]),
    }
)


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("https://wire.example/a", Publisher("Wire")),
        ("http://WWW.WIRE.EXAMPLE.:8080/a", Publisher("Wire")),
        ("https://ru.news.wire.example/a", Publisher("Wire")),
        ("https://notwire.example/a", Publisher("notwire.example", "domain")),
        ("https://other.example/a", Publisher("other.example", "domain")),
        ("https://xn--e1afmkfd.xn--p1ai/a", Publisher("Пример")),
        ("https://пример.рф/a", Publisher("Пример")),
        ("https://www.новости.рф/a", Publisher("новости.рф", "domain")),
        ("http://[x", Publisher("", "domain")),
    ],
)
def test_an_address_belongs_to_the_outlet_with_that_domain_or_one_above(address: str, expected: Publisher) -> None:
    assert OUTLETS.at(address) == expected


def test_what_is_said_of_a_publisher_counts_only_where_the_domain_is_not_listed() -> None:
    assert OUTLETS.at("https://wire.example/", Publisher("Other", "feed")) == Publisher("Wire")
    assert OUTLETS.at("https://x.example/", Publisher("Other", "feed")) == Publisher("Other", "feed")


def test_a_channel_is_known_by_its_number() -> None:
    assert OUTLETS.of_channel("15", "Renamed") == Publisher("Пример")
    assert OUTLETS.of_channel("16", "Сводка") == Publisher("Сводка", "channel")
