"""The contest for the lease: one of several processes gets it, and none while its holder lives."""

from __future__ import annotations

import random
import time
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from clickhouse_sqlalchemy.exceptions import DatabaseException

from analytics.clickhouse import client, fence, leases
from analytics.clickhouse.leases import Holder, Table
from analytics.errors import LockLost, LockTimeout
from analytics.journal.person import who
from analytics.settings import Settings
from analytics.watch import Watch

MARGIN = 2  # seconds that a server may take to end a session
FIRST_PAUSE, LONGEST_PAUSE = 0.05, 1.0  # seconds between two attempts
IDENTITY = "SELECT currentUser(), toString(serverUUID())"


@dataclass
class Contest:
    """A process that wants the lease; `connection` sends in a session, `looking` in none."""

    connection: Any
    looking: Any
    settings: Settings
    watch: Watch
    own: Holder = field(init=False)
    said: str = field(init=False, default="")  # the holder that the user knows of

    def won(self) -> Table:
        """The lease, once this process has it.

        LockTimeout if it has not after `lock_timeout` seconds; Interrupted if the user stops.
        """
        until, pause = time.monotonic() + self.settings.lock_timeout, FIRST_PAUSE
        self._begin()
        while True:
            try:
                if table := self._try(until):
                    return table
            except LockLost:  # this process has stood still
                self._begin()
            except DatabaseException as error:
                if not leases.is_gone(error):  # dropped by a new holder, between two looks
                    raise
            self.watch.pause(pause * random.uniform(0.5, 1.5))
            pause = min(pause * 2, LONGEST_PAUSE)

    def _begin(self) -> None:
        user, server = client.ask(self.looking, IDENTITY)[0]
        seconds = self.settings.lease_timeout
        session = fence.begin(self.connection, seconds)
        self.own = Holder(session, seconds, who(), user, server)

    def _try(self, until: float) -> Table | None:
        client.ask(self.connection, "SELECT 1")  # a sign of life
        existing = leases.every(self.looking)
        if not existing or self._is_over(existing[0]):
            return self._created(existing)
        if existing[0].holder.who != self.said:
            self.said = existing[0].holder.who
            self.watch.say(f"waiting for the lock, held by {self._seen(existing[0])}")
        if time.monotonic() > until:
            raise self._timeout(existing[0])
        return None

    def _created(self, existing: list[Table]) -> Table | None:
        """The next lease, if this process was the first to create it."""
        table = Table(existing[0].number + 1 if existing else 1, self.own)
        if not table.create(self.connection):
            return None
        newest, *former = leases.every(self.looking)
        if newest.number != table.number:  # a later one was made meanwhile, and counts
            leases.drop(self.connection, table)
            return None
        for each in former:
            leases.drop(self.connection, each)
        return table

    def _is_over(self, table: Table) -> bool:
        """Whether a lease was released, or all sessions of its holder have ended.

        A look keeps a session alive. So one is made only after a silence in which it would have
        ended, and noted, so that nobody else looks meanwhile. The first session is looked at
        first: once it has ended, no other is added.
        """
        holder = table.holder
        if holder.is_released:
            return True
        if not self._may_look(holder) or table.quiet(self.looking) <= holder.seconds + MARGIN:
            return False
        table.add(self.looking)
        is_alive = partial(fence.is_alive, self.looking, seconds=holder.seconds)
        if is_alive(session=holder.session):
            return False
        return not any([is_alive(session=each) for each in table.sessions(self.looking)])

    def _may_look(self, holder: Holder) -> bool:
        """Whether its sessions can be seen from here: they are a user's, and a server's."""
        return (holder.user, holder.server) == (self.own.user, self.own.server)

    def _seen(self, table: Table) -> str:
        purpose = table.purpose(self.looking) or "a process"
        return f"{purpose}, {table.holder.who} (table {table.name})"

    def _timeout(self, table: Table) -> LockTimeout:
        hidden = (
            f"; it came as user {table.holder.user}, to another server or under another name than "
            f"this process, which cannot see if it has ended: if so, `DROP TABLE {table.name}`"
        )
        return LockTimeout(
            f"the lock of the history is held by {self._seen(table)}",
            "wait for it to end, or give it longer with ANALYTICS_LOCK_TIMEOUT (seconds); if that "
            f"process is stuck, end it: the lock is free {table.holder.seconds + MARGIN} s later"
            f"{'' if self._may_look(table.holder) else hidden}",
        )
