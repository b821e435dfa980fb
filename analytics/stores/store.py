"""The Store: the differences between the kinds of servers that have a history, as a Protocol."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
    from contextlib import AbstractContextManager

    from sqlalchemy import URL, Connection

    from analytics.address import Address
    from analytics.errors import AnalyticsError
    from analytics.journal.entry import Journal, State
    from analytics.journal.steps import Steps
    from analytics.journal.work import Work
    from analytics.settings import Settings
    from analytics.sql.impact import Impact
    from analytics.watch import Watch


class Store(Protocol):
    """One kind of server. `driver` is the driver's own connection (DBAPI), as everywhere.

    A store imports its driver when a method needs it: a command that only reads files or heads
    does not wait for SQLAlchemy. What a driver raises is left to `translate`.
    """

    @property
    def name(self) -> str:
        """The name of its history."""

    @property
    def dialect(self) -> str:
        """SQLAlchemy's name for it."""

    @property
    def setting(self) -> str:
        """The setting that holds its URL."""

    @property
    def is_atomic(self) -> bool:
        """Whether a statement that was refused has changed nothing."""

    @property
    def connect_args(self) -> Mapping[str, Any]:
        """What its driver is given to connect."""

    @property
    def autogenerate_plugins(self) -> Sequence[str] | None:
        """Alembic's plugins that compare it with its history; None for Alembic's own."""

    def register(self) -> None:
        """Register the implementation of its dialect with Alembic."""

    def url(self, settings: Settings) -> URL:
        """Its address as SQLAlchemy takes it; SettingError if there is none."""

    def address(self, settings: Settings) -> Address:
        """Its address without SQLAlchemy; SettingError if there is none."""

    def heads(self, address: Address, *, timeout: float) -> tuple[str, ...]:
        """Its current revisions, read on a connection of their own.

        Unreachable, AccessDenied, DatabaseMissing or StatementFailed if the server does not tell.
        """

    def opened(self, settings: Settings) -> AbstractContextManager[Any]:
        """A driver's connection beside Alembic's: each statement is committed at once."""

    def prepare(self, driver: Any, settings: Settings) -> None:
        """What Alembic's connection needs before its first statement."""

    def journal(self, driver: Any, table: str) -> Journal:
        """The journal that is kept in it."""

    def tables(self, driver: Any) -> Mapping[str, str]:
        """The digest of each table's definition, by name."""

    def rows(self, driver: Any, names: Iterable[str]) -> Mapping[str, int | None]:
        """About how many rows each table has that exists; None if that is not known."""

    def impact(self, text: str, driver: Any = None, before: Sequence[str] = ()) -> Impact:
        """What a statement does to data and to those who use it.

        More exactly over a connection, and with the statements that the same release sends before.
        """

    def lacks(self, driver: Any, privileges: Collection[str]) -> Mapping[str, str]:
        """Which of these the own user has not, each with the statement that gives it."""

    def unsafe(self, statement: str) -> tuple[str, str] | None:
        """Why a statement may not run twice, and what to write instead; None if it may."""

    @property
    def raised(self) -> tuple[type[BaseException], ...]:
        """The exceptions of its driver."""

    def translate(self, error: Any, settings: Settings) -> AnalyticsError:
        """An exception of `raised` as an error of ours."""

    def is_refusal(self, error: BaseException) -> bool:
        """Whether the server refused a statement; after anything else it is in doubt."""

    def commits_at_once(self, connection: Connection) -> bool:
        """Whether no transaction is open that could still be rolled back."""

    def wait_for_predecessor(self, driver: Any, *, database: str, watch: Watch) -> None:
        """Return when no statement runs that an earlier holder of the lock has sent.

        Interrupted if the user wants a stop.
        """

    def settle(self, driver: Any, query_id: str, *, watch: Watch) -> State | None:
        """The outcome of a query, once it has ended; None if the server does not know.

        Interrupted if the user wants a stop.
        """

    def finish(self, driver: Any, work: Work, *, watch: Watch) -> None:
        """Return when the server has done all that a step has started.

        StatementFailed if it cannot; Interrupted if the user wants a stop.
        """

    def sending(self, driver: Any, steps: Steps) -> AbstractContextManager[None]:
        """The context for one statement of a step: the server can recognise it afterwards.

        InDoubt if no answer came and the server does not know the outcome.
        """

    def run_revision(
        self,
        function: Callable[[], None],
        connection: Connection,
        settings: Settings,
        *,
        steps: Steps,
        watch: Watch,
    ) -> None:
        """Call the function of a revision; again after a failure, where the store allows it."""
