"""The current revisions of all stores, read at the same time, without SQLAlchemy."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from functools import partial
from threading import Thread

from analytics.address import Address
from analytics.errors import Unreachable
from analytics.settings import Settings
from analytics.stores import present
from analytics.stores.store import Store

TIMEOUT = 10.0  # seconds; a healthy server needs a thousandth of it

HOLDERS = (
    "SELECT pid, query FROM pg_locks JOIN pg_stat_activity USING (pid) "
    "WHERE relation = 'alembic_version'::regclass AND granted"
)


@dataclass(frozen=True)
class Question:
    """The question to one store, and its future answer."""

    address: Address
    timeout: float
    heads: Future[tuple[str, ...]]

    def answer(self) -> tuple[str, ...]:
        """The store's heads; raises as `Store.heads`, and Unreachable after the time-out."""
        try:
            return self.heads.result(self.timeout + 1)
        except TimeoutError:
            raise Unreachable(
                f"{self.address} took the question and does not answer",
                f"check the server (in PostgreSQL, who holds the table: `{HOLDERS}`), "
                "then run the same command again",
            ) from None


def ask(settings: Settings, *, timeout: float = TIMEOUT) -> dict[str, Question]:
    """Ask every store; the caller can do other work before it reads the answers.

    SettingError without an address.
    """
    stores = present(settings).items()
    return {name: _asked(store, store.address(settings), timeout) for name, store in stores}


def _asked(store: Store, address: Address, timeout: float) -> Question:
    work = partial(store.heads, address, timeout=timeout)
    return Question(address, timeout, _started(work))


def _started(work: Callable[[], tuple[str, ...]]) -> Future[tuple[str, ...]]:
    """Run the work in a thread of its own; the end of the process does not wait for it."""
    future: Future[tuple[str, ...]] = Future()

    def run() -> None:
        try:
            future.set_result(work())
        except BaseException as error:
            future.set_exception(error)

    Thread(target=run, daemon=True).start()
    return future
