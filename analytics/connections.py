"""Connections to both stores beside Alembic's, for what is asked and written about a release."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import psycopg
from sqlalchemy import create_engine
from sqlalchemy.pool import NullPool

from analytics.clickhouse.journal import ClickHouseJournal
from analytics.clickhouse.sending import answers_within
from analytics.environment import STORES, translated
from analytics.journal import Journal
from analytics.placeholders import placeholders
from analytics.postgres import lock
from analytics.postgres.journal import PostgresJournal
from analytics.settings import Settings
from analytics.watch import Watch


@dataclass(frozen=True)
class Connections:
    """Both stores: PostgreSQL in autocommit, ClickHouse as the driver's DBAPI connection."""

    postgres: psycopg.Connection
    clickhouse: Any

    @property
    def journals(self) -> dict[str, Journal]:
        """The journals of both, by the names of their histories."""
        return {
            "postgres": PostgresJournal(self.postgres),
            "clickhouse": ClickHouseJournal(self.clickhouse),
        }


@contextmanager
def opened(settings: Settings) -> Iterator[Connections]:
    """Both, for as long as they are needed; what a driver raises is an error of ours."""
    names = placeholders(settings)
    engine = create_engine(STORES["clickhouse"].url(settings), poolclass=NullPool)
    with (
        translated(STORES["clickhouse"], settings, names),
        translated(STORES["postgres"], settings, names),
        psycopg.connect(
            lock.conninfo(settings.postgres_sqlalchemy_url), autocommit=True, connect_timeout=10
        ) as postgres,
    ):
        clickhouse = engine.raw_connection()
        answers_within(clickhouse, settings.answer_timeout)
        try:
            yield Connections(postgres, clickhouse)
        finally:
            clickhouse.close()


@contextmanager
def locked(
    settings: Settings, purpose: str, watch: Watch
) -> Iterator[tuple[Connections, lock.Lock]]:
    """Both, under the lock; LockTimeout if somebody else has it for too long."""
    with (
        opened(settings) as both,
        lock.held(
            lock.conninfo(settings.postgres_sqlalchemy_url),
            purpose=purpose,
            timeout=settings.lock_timeout,
            watch=watch,
        ) as held,
    ):
        yield both, held
