"""Connections to all stores beside Alembic's: for the lock, the journals and the releases."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from analytics.errors import AnalyticsError
from analytics.journal.entry import TABLE, Journal
from analytics.settings import Settings, redaction
from analytics.stores import LOCK, STORES
from analytics.stores.store import Store
from analytics.watch import Watch

if TYPE_CHECKING:
    from analytics.postgres.lock import Lock


@dataclass(frozen=True)
class Connections:
    """The drivers' connections by the names of the stores; each statement is committed at once."""

    drivers: Mapping[str, Any]

    @property
    def journals(self) -> dict[str, Journal]:
        """The journals, by the names of their histories."""
        return {name: STORES[name].journal(driver, TABLE) for name, driver in self.drivers.items()}

    @property
    def records(self) -> Any:
        """The connection to the store that keeps the record of releases."""
        return self.drivers[LOCK.name]


@contextmanager
def opened(settings: Settings) -> Iterator[Connections]:
    """Connections to all stores for a block; what a driver raises becomes an error of ours.

    SettingError without an address; otherwise raises as `translated`.
    """
    with ExitStack() as stack:
        drivers = {}
        for name, store in STORES.items():
            stack.enter_context(translated(store, settings))
            drivers[name] = stack.enter_context(store.opened(settings))
        yield Connections(drivers)


@contextmanager
def locked(settings: Settings, purpose: str, watch: Watch) -> Iterator[tuple[Connections, Lock]]:
    """Connections to all stores, under the lock; raises as `opened`.

    LockTimeout if another process holds it for longer than `lock_timeout`.
    """
    from analytics.postgres import lock

    with (
        opened(settings) as connections,
        lock.held(
            lock.conninfo(settings.postgres_sqlalchemy_url),
            purpose=purpose,
            timeout=settings.lock_timeout,
            watch=watch,
        ) as held,
    ):
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
