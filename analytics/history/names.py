"""The names of the histories: in messages, in alembic.ini and on Alembic's command line."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Name:
    """The names of one history, by their places."""

    history: str  # in `requires`, targets and messages
    section: str  # of alembic.ini

    @property
    def command(self) -> str:
        """Alembic's command that moves it alone."""
        return "alembic" if self.section == DEFAULT_SECTION else f"alembic -n {self.section}"


DEFAULT_SECTION = "alembic"
NAMES = {
    each.history: each
    for each in (Name("postgres", DEFAULT_SECTION), Name("clickhouse", "clickhouse"))
}
"""In the order in which a release prefers them."""
