"""The shop in fresh databases, and opened: its first release is out, and it has customers."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from analytics.settings import Settings
from tests.conftest import Databases
from tests.foreign import traffic
from tests.foreign.stores import BACK, SHOP, Shop


@pytest.fixture
def shop(databases: Databases, stack: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shop]:
    """Empty stores, and the shop's own folder; nothing is left in them."""
    monkeypatch.chdir(SHOP)
    found = Shop(databases, stack)
    yield found
    found.run("downgrade", "base", "--allow-data-loss")


@pytest.fixture
def opened(shop: Shop) -> Shop:
    """The shop after its first release, with customers."""
    shop.run("upgrade", *BACK)
    traffic.customers(shop.databases)
    return shop
