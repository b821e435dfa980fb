"""ClickHouse as a Store: no transactions; a statement is recognised by its query id."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from analytics.address import Address, parse

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
class ClickHouseStore:
    """Implements `analytics.stores.store.Store`; what a method needs is imported in it."""

    name: str = "clickhouse"
    dialect: str = "clickhouse"
    setting: str = "clickhouse_url"
    is_atomic: bool = False  # the blocks that an INSERT wrote before it failed stay
    connect_args: Mapping[str, Any] = field(default_factory=dict)
    autogenerate_plugins: Sequence[str] | None = ("analytics.runtime.autogenerate",)

    def register(self) -> None:
        import analytics.clickhouse.impl  # noqa: F401

    def url(self, settings: Settings) -> URL:
        from analytics.clickhouse.address import sqlalchemy_url

        return sqlalchemy_url(settings)

    def address(self, settings: Settings) -> Address:
        return parse(settings.clickhouse_sqlalchemy_url, port=8123, user="default")

    def heads(self, address: Address, *, timeout: float) -> tuple[str, ...]:
        from analytics.clickhouse import heads

        return heads.current(address, timeout=timeout)

    def opened(self, settings: Settings) -> AbstractContextManager[Any]:
        from analytics.clickhouse import client

        return client.opened(self.url(settings), timeout=settings.answer_timeout)

    def prepare(self, driver: Any, settings: Settings) -> None:
        """Set a time-out: the driver has none by default."""
        from analytics.clickhouse import sending

        sending.answers_within(driver, settings.answer_timeout)

    def journal(self, driver: Any, table: str) -> Journal:
        from analytics.clickhouse.journal import ClickHouseJournal

        return ClickHouseJournal(driver, table)

    def tables(self, driver: Any) -> Mapping[str, str]:
        from analytics.clickhouse import state

        return state.tables(driver)

    def rows(self, driver: Any, names: Iterable[str]) -> Mapping[str, int | None]:
        from analytics.clickhouse import state

        return state.rows(driver, names)

    def impact(self, text: str, driver: Any = None, before: Sequence[str] = ()) -> Impact:
        from analytics.clickhouse import impact

        return impact.of(text, driver)

    def lacks(self, driver: Any, privileges: Collection[str]) -> Mapping[str, str]:
        from analytics.clickhouse import privileges as asked

        return asked.missing(driver, privileges)

    def unsafe(self, statement: str) -> tuple[str, str] | None:
        """Any statement may run twice after a crash, so each is judged."""
        from analytics.clickhouse import reruns

        verdict = reruns.judge(statement)
        return (verdict.reason, verdict.rewrite) if verdict else None

    @property
    def raised(self) -> tuple[type[BaseException], ...]:
        """The driver's exceptions, and those of requests, which it uses."""
        from analytics.clickhouse import failure

        return failure.RAISED

    def translate(self, error: Any, settings: Settings) -> AnalyticsError:
        from analytics.clickhouse import failure

        return failure.translate(error, self.url(settings))

    def is_refusal(self, error: BaseException) -> bool:
        """An error of the server has a code; one of a gateway has none."""
        cause = getattr(error, "orig", None)  # SQLAlchemy wraps what the driver wraps
        return cause is not None and "Code: " in str(getattr(cause, "orig", cause))

    def commits_at_once(self, connection: Connection) -> bool:
        return True

    def wait_for_predecessor(self, driver: Any, *, database: str, watch: Watch) -> None:
        from analytics.clickhouse import inflight

        inflight.wait(driver, f"{database}/", watch=watch)

    def settle(self, driver: Any, query_id: str, *, watch: Watch) -> State | None:
        from analytics.clickhouse import inflight

        return inflight.settle(driver, query_id, watch=watch)

    def finish(self, driver: Any, work: Work, *, watch: Watch) -> None:
        """Wait for the mutations of a statement; our operations start none."""
        from analytics.clickhouse import mutations
        from analytics.journal.work import STATEMENT

        if work.kind == STATEMENT:
            mutations.wait(driver, work.text, watch=watch)

    def sending(self, driver: Any, steps: Steps) -> AbstractContextManager[None]:
        from analytics.clickhouse import sending

        return sending.under(driver, steps.next_query_id(), settle=steps.settle)

    def run_revision(
        self,
        function: Callable[[], None],
        connection: Connection,
        settings: Settings,
        *,
        steps: Steps,
        watch: Watch,
    ) -> None:
        """Once: there is no transaction to roll back before another try."""
        function()
