"""The stores that have a history, by its name: the only place that lists them.

Entry: STORES; code that works with a store is given a `store.Store`. Read `store` first (the
Protocol), then `heads` and `connections`. May import `clickhouse`, `postgres` and what stands
below them in the import contract.
"""

from __future__ import annotations

from collections.abc import Mapping

from analytics.clickhouse.store import ClickHouseStore
from analytics.postgres.store import PostgresStore
from analytics.stores.store import Store

STORES: Mapping[str, Store] = {store.name: store for store in (PostgresStore(), ClickHouseStore())}
"""In the order that a release prefers."""
LOCK: Store = next(store for store in STORES.values() if store.holds_lock)
"""The store that keeps the lock over all histories, and the record of releases."""
