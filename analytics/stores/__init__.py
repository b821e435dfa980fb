"""The stores that have a history, by its name: the one place that knows which there are.

Entry: STORES. Imports the two stores; whoever works with a store gets a `store.Store` handed in.
"""

from __future__ import annotations

from collections.abc import Mapping

from analytics.clickhouse.store import ClickHouseStore
from analytics.postgres.store import PostgresStore
from analytics.stores.store import Store

STORES: Mapping[str, Store] = {store.name: store for store in (PostgresStore(), ClickHouseStore())}
"""In the order in which a release prefers them."""
LOCK: Store = next(store for store in STORES.values() if store.holds_lock)
"""The store that keeps the lock of all histories, and the record of releases."""
