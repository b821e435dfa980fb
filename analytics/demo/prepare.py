"""What must be there before the first row: the stack, and both histories at their heads."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from alembic import command
from alembic.config import Config
from alembic.util import CommandError

from analytics import settings as configuration
from analytics.errors import AnalyticsError, StatementFailed
from analytics.local import stack
from analytics.settings import ADDRESSES, Settings

Say = Callable[[str], None]
HISTORIES = {"PostgreSQL": "alembic", "ClickHouse": "clickhouse"}
MIGRATION_LOG = "alembic.runtime.migration"


@dataclass(frozen=True)
class Place:
    """Where the demo runs: the settings, and whether they are the local stack's."""

    settings: Settings
    local: bool


class Steps(logging.Handler):
    """Says what Alembic logs about the revisions it runs."""

    def __init__(self, history: str, say: Say) -> None:
        super().__init__()
        self.history, self.say = history, say

    def emit(self, record: logging.LogRecord) -> None:
        message = record.getMessage()
        if message.startswith("Running"):
            self.say(f"{self.history:<11} {message.removeprefix('Running ')}")


def prepare(say: Say) -> Place:
    """The place to run in, with its services up and its schemas there."""
    given = given_addresses()
    if given:
        say(f"no local stack is started, because of {', '.join(given)}")
    else:
        stack.up(report=lambda service, event: say(f"{service:<11} {event}"))
    for history, section in HISTORIES.items():
        _upgrade(history, section, say)
    return Place(configuration.load(), local=not given)


def given_addresses() -> list[str]:
    """The variables of the addresses that are not what the local stack has left in its file.

    The file is compared, not what runs: of a stack that died its addresses are found, too.
    """
    found, local = configuration.load(), _local_addresses()
    values = {name: getattr(found, name) for name in ADDRESSES}
    return [
        f"ANALYTICS_{name.upper()}"
        for name, value in values.items()
        if value is not None and value != local.get(name)
    ]


def _local_addresses() -> dict[str, str]:
    try:
        addresses: dict[str, str] = json.loads(configuration.endpoints_file().read_text())
    except (OSError, ValueError):
        return {}
    return addresses


def _upgrade(history: str, section: str, say: Say) -> None:
    root = configuration.project_root()
    config = Config(str(root / "alembic.ini"), ini_section=section)
    config.set_main_option("prepend_sys_path", str(root))
    config.attributes["configure_logger"] = False
    try:
        with _steps(history, say):
            command.upgrade(config, "head")
    except CommandError as error:
        if isinstance(error.__cause__, AnalyticsError):
            raise error.__cause__ from None
        raise StatementFailed(
            f"{history}'s history cannot be upgraded: {error}",
            f"try `alembic -n {section} upgrade head` in {root}",
        ) from error
    say(f"{history}'s history is at its head")


@contextmanager
def _steps(history: str, say: Say) -> Iterator[None]:
    """Every revision that runs is said."""
    log, handler = logging.getLogger(MIGRATION_LOG), Steps(history, say)
    log.setLevel(logging.INFO)
    log.addHandler(handler)
    try:
        yield
    finally:
        log.removeHandler(handler)
