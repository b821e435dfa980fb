"""PostgreSQL as a Store: it has transactions, and keeps the lock over all histories."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from analytics.address import Address, parse
from analytics.postgres import sessions

if TYPE_CHECKING:
    from sqlalchemy import URL, Connection

    from analytics.errors import AnalyticsError
    from analytics.journal.entry import Journal, State
    from analytics.journal.steps import Steps
    from analytics.journal.work import Work
    from analytics.settings import Settings
    from analytics.sql.impact import Impact
    from analytics.watch import Watch


@dataclass(frozen=True)
class PostgresStore:
    """Implements `analytics.stores.store.Store`; what a method needs is imported in it."""

    name: str = "postgres"
    dialect: str = "postgresql"
    setting: str = "postgres_url"
    is_atomic: bool = True
    connect_args: Mapping[str, Any] = field(default_factory=lambda: sessions.CONNECT_ARGS)
    autogenerate_plugins: Sequence[str] | None = None

    def register(self) -> None:
        import analytics.postgres.impl  # noqa: F401

    def url(self, settings: Settings) -> URL:
        from sqlalchemy import make_url

        return make_url(settings.postgres_sqlalchemy_url)

    def address(self, settings: Settings) -> Address:
        return parse(settings.postgres_sqlalchemy_url, port=5432, user="")

    def heads(self, address: Address, *, timeout: float) -> tuple[str, ...]:
        """With psycopg, without SQLAlchemy."""
        from analytics.postgres import heads

        return heads.current(address, timeout=timeout)

    def opened(self, settings: Settings) -> AbstractContextManager[Any]:
        from analytics.postgres import lock

        return sessions.opened(lock.conninfo(settings.postgres_sqlalchemy_url))

    def prepare(self, driver: Any, settings: Settings) -> None:
        """Nothing is needed."""

    def journal(self, driver: Any, table: str) -> Journal:
        from analytics.postgres.journal import PostgresJournal

        return PostgresJournal(driver, table)

    def tables(self, driver: Any) -> Mapping[str, str]:
        from analytics.postgres import state

        return state.tables(driver)

    def rows(self, driver: Any, names: Iterable[str]) -> Mapping[str, int | None]:
        """As the last ANALYZE has estimated them."""
        from analytics.postgres import state

        return state.rows(driver, names)

    def impact(self, text: str, driver: Any = None, before: Sequence[str] = ()) -> Impact:
        from analytics.postgres import impact

        return impact.of(text, driver, before)

    def lacks(self, driver: Any, privileges: Collection[str]) -> Mapping[str, str]:
        from analytics.postgres import privileges as asked

        return asked.missing(driver, privileges)

    def unsafe(self, statement: str) -> tuple[str, str] | None:
        """None: a statement is rolled back with its revision; `impl` knows the exceptions."""
        return None

    @property
    def raised(self) -> tuple[type[BaseException], ...]:
        from analytics.postgres import failure

        return failure.RAISED

    def translate(self, error: Any, settings: Settings) -> AnalyticsError:
        from analytics.postgres import failure

        return failure.translate(error, self.url(settings))

    def is_refusal(self, error: BaseException) -> bool:
        """An error of the server has a code; a server that shuts down has not answered."""
        from analytics.postgres import explain

        state = getattr(getattr(error, "orig", error), "sqlstate", None)
        return state is not None and state not in explain.SHUTDOWN

    def commits_at_once(self, connection: Connection) -> bool:
        from analytics.postgres import impl

        return impl.commits_at_once(connection)

    def wait_for_predecessor(self, driver: Any, *, database: str, watch: Watch) -> None:
        """Its sessions are recognised by their application name."""
        sessions.wait_for_others(driver, watch=watch)

    def settle(self, driver: Any, query_id: str, *, watch: Watch) -> State | None:
        """None: the server does not keep the outcome of a session that is gone."""
        return None

    def finish(self, driver: Any, work: Work, *, watch: Watch) -> None:
        """Nothing to wait for: a statement is done when it is answered."""

    def sending(self, driver: Any, steps: Steps) -> AbstractContextManager[None]:
        """Nothing to do: statements have no ids."""
        return nullcontext()

    def run_revision(
        self,
        function: Callable[[], None],
        connection: Connection,
        settings: Settings,
        *,
        steps: Steps,
        watch: Watch,
    ) -> None:
        """Again from a savepoint, when a lock was not available in time."""
        from analytics.postgres import commits, patience

        with commits.recorded(connection, steps):
            patience.patiently(
                steps.held.from_the_start(function),
                connection,
                lock_timeout=settings.ddl_lock_timeout,
                tries=settings.ddl_tries,
                watch=watch,
            )
