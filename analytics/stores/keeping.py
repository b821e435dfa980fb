"""The Keeper: a store as the place of the lock and of the record of releases."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from analytics.journal.releases import Releases
    from analytics.settings import Settings
    from analytics.stores.store import Store
    from analytics.watch import Watch


class Lock(Protocol):
    """A lock that is held; `connection` is its driver's, where each statement is committed."""

    connection: Any

    @property
    def releases(self) -> Releases:
        """The record of releases, which nobody else writes meanwhile."""

    def check(self) -> None:
        """Return if this process still holds the lock; LockLost if not."""

    def name(self, purpose: str) -> None:
        """Show those who wait the purpose of the lock; LockLost as in `check`."""

    def fence(self, driver: Any) -> None:
        """Let the server refuse what the connection sends once the lock is lost, if it can."""


class Keeper(Protocol):
    """A server that keeps the lock and the record; what it raises is its store's to translate."""

    def locked(
        self, settings: Settings, purpose: str, watch: Watch
    ) -> AbstractContextManager[Lock]:
        """The lock, held for a block.

        LockTimeout if another process holds it for longer than `lock_timeout`; Interrupted if the
        user wants a stop meanwhile.
        """

    def releases(self, driver: Any) -> Releases:
        """The record of releases, over a connection on which each statement is committed."""


def of(store: Store) -> Keeper:
    """The keeper that a store is; the driver of another one is not imported."""
    if store.name == "postgres":
        from analytics.postgres.keeper import PostgresKeeper

        return PostgresKeeper()
    from analytics.clickhouse.keeper import ClickHouseKeeper

    return ClickHouseKeeper()
