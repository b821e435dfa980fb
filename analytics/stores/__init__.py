"""The stores that may have a history, by its name: the only place that lists them.

Entry: `present`, those of a project, and `keeper`, the one that has the lock; code that works with
a store is given a `store.Store`. Read `store` first (the Protocol), then `heads` and
`connections`. May import `clickhouse`, `postgres` and what stands below them in the import
contract.
"""

from __future__ import annotations

from collections.abc import Mapping

from analytics.clickhouse.store import ClickHouseStore
from analytics.history import project
from analytics.postgres.store import PostgresStore
from analytics.settings import Settings
from analytics.stores.store import Store

KINDS: tuple[Store, ...] = (PostgresStore(), ClickHouseStore())
STORES: Mapping[str, Store] = {store.name: store for store in KINDS}
"""In the order that a release prefers."""
SOURCE: Store = KINDS[0]
"""The store that connectors read."""


def present(settings: Settings) -> dict[str, Store]:
    """The stores of which the project has a history; HistoryError if its ini file names none."""
    return {name: STORES[name] for name in project.places(settings.ini.file)}


def keeper(settings: Settings) -> Store:
    """The store that keeps the lock over the histories, and the record of releases.

    PostgreSQL, if the project has its history: a session of it ends with its process.
    """
    return next(iter(present(settings).values()))
