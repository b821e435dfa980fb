"""The revisions that both stores are at, asked at the same time, without SQLAlchemy."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from threading import Thread
from typing import TypeVar

from analytics.address import Address, parse
from analytics.errors import Unreachable
from analytics.settings import Settings

TIMEOUT = 10.0  # seconds for a server, of which it needs a hundredth
Answer = TypeVar("Answer")


@dataclass(frozen=True)
class Question:
    """What a store is asked, and where."""

    address: Address
    heads: Future[tuple[str, ...]]

    def answer(self) -> tuple[str, ...]:
        """The store's heads; raises what asking has raised."""
        try:
            return self.heads.result(TIMEOUT + 1)
        except TimeoutError:
            raise Unreachable(
                f"{self.address} took the question and does not answer",
                "see whether the server is well",
            ) from None


def ask(settings: Settings) -> dict[str, Question]:
    """Ask PostgreSQL and ClickHouse; the caller may do something else before the answers."""
    postgres = settings.postgres_sqlalchemy_url.replace("+psycopg", "", 1)
    clickhouse = settings.clickhouse_sqlalchemy_url
    return {
        "postgres": Question(
            parse(postgres, port=5432, user=""), _started(lambda: _postgres(postgres))
        ),
        "clickhouse": Question(
            parse(clickhouse, port=8123, user="default"), _started(lambda: _clickhouse(clickhouse))
        ),
    }


def _postgres(url: str) -> tuple[str, ...]:
    from analytics.postgres import heads  # psycopg takes longer to import than the rest together

    return heads.current(url, timeout=TIMEOUT)


def _clickhouse(url: str) -> tuple[str, ...]:
    from analytics.clickhouse import heads

    return heads.current(url, timeout=TIMEOUT)


def _started(work: Callable[[], Answer]) -> Future[Answer]:
    """Work in a thread of its own, for which the end of the process does not wait."""
    future: Future[Answer] = Future()

    def run() -> None:
        try:
            future.set_result(work())
        except BaseException as error:
            future.set_exception(error)

    Thread(target=run, daemon=True).start()
    return future
