"""The lock of a project that has ClickHouse alone: a lease, renewed and fenced by the server.

ClickHouse has no lock. The newest of the tables in `leases` tells who holds it; it passes on when
its holder has released it, or when the server has ended all of its sessions (`fence`). What the
former holder sends afterwards is refused by the server. A statement that runs keeps its session.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from typing import Any

from requests import RequestException

from analytics.clickhouse import client, fence
from analytics.clickhouse.address import sqlalchemy_url
from analytics.clickhouse.contest import Contest
from analytics.clickhouse.leases import Table
from analytics.clickhouse.releases import ClickHouseReleases
from analytics.settings import Settings
from analytics.watch import Watch


@dataclass
class Lease:
    """A lease that is held; its connection sends in its first session."""

    connection: Any
    table: Table
    sessions: list[str]

    @property
    def releases(self) -> ClickHouseReleases:
        """The record of releases."""
        return ClickHouseReleases(self.connection)

    def check(self) -> None:
        """Return if this process still holds it; LockLost if its session has ended."""
        self._in_session(partial(client.ask, self.connection, "SELECT 1"))

    def name(self, purpose: str) -> None:
        """Show those who wait the purpose; LockLost as in `check`."""
        self._in_session(partial(self.table.add, self.connection, purpose=purpose))

    def fence(self, driver: Any) -> None:
        """Let the connection send in a session of its own from now on; LockLost as in `check`."""
        session = fence.begin(driver, self.table.holder.seconds)
        self._in_session(partial(self.table.add, self.connection, session=session))
        self.sessions.append(session)

    def _in_session(self, act: Any) -> None:
        try:
            act()
        except RequestException as error:  # what the server says of it is passed on
            raise fence.lost() from error


@contextmanager
def held(settings: Settings, *, purpose: str, watch: Watch) -> Iterator[Lease]:
    """Hold the lease; LockTimeout if another process holds it for longer than `lock_timeout`.

    Interrupted if the user wants a stop while it waits, and the driver's errors.
    """
    opened = partial(client.opened, sqlalchemy_url(settings), timeout=settings.answer_timeout)
    with opened() as connection, opened() as looking, opened() as signs:
        table = Contest(connection, looking, settings, watch).won()
        lease = Lease(connection, table, [table.holder.session])
        ended = threading.Event()
        threading.Thread(target=_keep, args=(lease, signs, ended), daemon=True).start()
        try:
            lease.name(purpose)
            yield lease
        finally:
            ended.set()
            with suppress(Exception):  # one that is lost is not released
                lease.table.release(connection)


def _keep(lease: Lease, signs: Any, ended: threading.Event) -> None:
    """Give signs of life in all sessions of a lease until it ends."""
    seconds = lease.table.holder.seconds
    while not ended.wait(seconds / 4):
        for session in tuple(lease.sessions):
            fence.touch(signs, session, seconds)
