"""The revisions that both stores are at, asked at the same time, without SQLAlchemy."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from threading import Thread

from analytics.address import Address, parse
from analytics.errors import Unreachable
from analytics.settings import Settings

TIMEOUT = 10.0  # seconds; a server that is well needs a thousandth


@dataclass(frozen=True)
class Question:
    """What a store is asked, and where."""

    address: Address
    timeout: float
    heads: Future[tuple[str, ...]]

    def answer(self) -> tuple[str, ...]:
        """The store's heads; raises what asking has raised."""
        try:
            return self.heads.result(self.timeout + 1)
        except TimeoutError:
            raise Unreachable(
                f"{self.address} took the question and does not answer",
                "see whether the server is well",
            ) from None


def ask(settings: Settings, *, timeout: float = TIMEOUT) -> dict[str, Question]:
    """Ask PostgreSQL and ClickHouse; the caller may do something else before the answers."""
    postgres = parse(settings.postgres_sqlalchemy_url, port=5432, user="")
    clickhouse = parse(settings.clickhouse_sqlalchemy_url, port=8123, user="default")
    return {
        "postgres": Question(postgres, timeout, _started(_postgres, postgres, timeout)),
        "clickhouse": Question(clickhouse, timeout, _started(_clickhouse, clickhouse, timeout)),
    }


def _postgres(address: Address, timeout: float) -> tuple[str, ...]:
    from analytics.postgres import heads  # psycopg takes longer to import than the rest together

    return heads.current(address, timeout=timeout)


def _clickhouse(address: Address, timeout: float) -> tuple[str, ...]:
    from analytics.clickhouse import heads

    return heads.current(address, timeout=timeout)


def _started(
    work: Callable[[Address, float], tuple[str, ...]], address: Address, timeout: float
) -> Future[tuple[str, ...]]:
    """Work in a thread of its own, for which the end of the process does not wait."""
    future: Future[tuple[str, ...]] = Future()

    def run() -> None:
        try:
            future.set_result(work(address, timeout))
        except BaseException as error:
            future.set_exception(error)

    Thread(target=run, daemon=True).start()
    return future
