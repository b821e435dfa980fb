"""Connections to all stores beside Alembic's: for the lock, the journals and the releases."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from analytics.errors import AnalyticsError
from analytics.journal.entry import TABLE, Journal
from analytics.settings import Settings, redaction
from analytics.stores import STORES, keeper, keeping, present
from analytics.stores.store import Store
from analytics.watch import Watch

if TYPE_CHECKING:
    from analytics.journal.releases import Releases
    from analytics.stores.keeping import Lock


@dataclass(frozen=True)
class Connections:
    """The drivers' connections by the names of the stores; each statement is committed at once."""

    drivers: Mapping[str, Any]
    keeper: Store  # of the record of releases

    @property
    def journals(self) -> dict[str, Journal]:
        """The journals, by the names of their histories."""
        return {name: STORES[name].journal(driver, TABLE) for name, driver in self.drivers.items()}

    @property
    def releases(self) -> Releases:
        """The record of releases."""
        return keeping.of(self.keeper).releases(self.drivers[self.keeper.name])


@contextmanager
def opened(settings: Settings) -> Iterator[Connections]:
    """Connections to all stores for a block; what a driver raises becomes an error of ours.

    SettingError without an address; otherwise raises as `translated`.
    """
    with ExitStack() as stack:
        drivers = {}
        for name, store in present(settings).items():
            stack.enter_context(translated(store, settings))
            drivers[name] = stack.enter_context(store.opened(settings))
        yield Connections(drivers, keeper(settings))


@contextmanager
def locked(settings: Settings, purpose: str, watch: Watch) -> Iterator[tuple[Connections, Lock]]:
    """Connections to all stores, under the lock; raises as `opened`.

    LockTimeout if another process holds it for longer than `lock_timeout`.
    """
    with (
        opened(settings) as connections,
        keeping.of(connections.keeper).locked(settings, purpose, watch) as held,
    ):
        for driver in connections.drivers.values():
            held.fence(driver)
        yield connections, held


@contextmanager
def translated(store: Store, settings: Settings) -> Iterator[None]:
    """Raise what the store's driver raises as an error of ours; no error has a secret in it."""
    try:
        yield
    except store.raised as error:
        cause = store.translate(error, settings)
        for place in getattr(error, "__notes__", ()):
            cause.add_note(place)
        raise redaction.redacted(settings, cause) from None
    except AnalyticsError as error:
        redaction.redacted(settings, error)
        raise
