"""ClickHouse as the keeper of the lock and of the record of releases, where there is no other."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Any

from analytics.clickhouse import lease
from analytics.clickhouse.releases import ClickHouseReleases
from analytics.settings import Settings
from analytics.watch import Watch


class ClickHouseKeeper:
    """Implements `analytics.stores.keeping.Keeper`: a lease, and a table."""

    def locked(
        self, settings: Settings, purpose: str, watch: Watch
    ) -> AbstractContextManager[lease.Lease]:
        return lease.held(settings, purpose=purpose, watch=watch)

    def releases(self, driver: Any) -> ClickHouseReleases:
        return ClickHouseReleases(driver)
