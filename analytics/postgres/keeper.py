"""PostgreSQL as the keeper of the lock and of the record of releases."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Any

from analytics.postgres import lock
from analytics.postgres.releases import PostgresReleases
from analytics.settings import Settings
from analytics.watch import Watch


class PostgresKeeper:
    """Implements `analytics.stores.keeping.Keeper`: an advisory lock, and a table."""

    def locked(
        self, settings: Settings, purpose: str, watch: Watch
    ) -> AbstractContextManager[lock.Lock]:
        url = lock.conninfo(settings.postgres_sqlalchemy_url)
        return lock.held(url, purpose=purpose, timeout=settings.lock_timeout, watch=watch)

    def releases(self, driver: Any) -> PostgresReleases:
        return PostgresReleases(driver)
