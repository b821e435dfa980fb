"""The errors that users see: each message names the thing, then the remedy.

All are kinds of AnalyticsError; docs/errors.md describes each. What one package alone raises is in
its `errors`. Alembic, which starts slowly, is not imported: `environment` makes its CommandError.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import IntEnum


class ExitCode(IntEnum):
    """The exit codes of our commands; docs/errors.md describes each."""

    OK = 0
    ERROR = 1
    USAGE = 2
    PENDING = 3
    UNKNOWN = 4  # interrupted, or the outcome of a step is not known
    LOCKED = 5
    DIFFERENT = 6


class AnalyticsError(Exception):
    """A failure that a user can act on: `thing` is what is wrong, `remedy` what to do about it."""

    exit_code = ExitCode.ERROR

    def __init__(self, thing: str, remedy: str) -> None:
        self.thing = thing
        self.remedy = remedy
        super().__init__(f"{thing}: {remedy}")


def located(error: AnalyticsError) -> str:
    """The error's line, after its place in a revision."""
    return ": ".join((*getattr(error, "__notes__", ()), str(error)))


class SettingError(AnalyticsError):
    """A setting is missing or cannot be used."""


class Unreachable(AnalyticsError):
    """A server does not answer."""


class AccessDenied(AnalyticsError):
    """A server refuses the user or the password."""


class DatabaseMissing(AnalyticsError):
    """The database named in a URL does not exist."""


class StatementFailed(AnalyticsError):
    """A server refuses a statement of a revision; its message is passed on."""


class DefinitionError(AnalyticsError):
    """A numbered definition is missing, or its text cannot be used."""


class HistoryError(AnalyticsError):
    """The file of a revision cannot be used, or the files do not make a history."""


class TargetError(AnalyticsError):
    """A revision that is named is unknown, ambiguous or out of reach."""


class RequirementMissing(AnalyticsError):
    """A revision requires one of the other history that is neither applied nor on its way."""


class RequirementCycle(AnalyticsError):
    """Revisions wait for each other, so that none can be the first."""


class StillRequired(AnalyticsError):
    """A revision that stays requires one that would be taken back; nothing was changed."""


class Irreversible(AnalyticsError):
    """A revision says that it cannot be taken back; nothing was changed."""


class Refused(AnalyticsError):
    """What exists is not what a revision expects; nothing was changed."""


class RebuildStopped(AnalyticsError):
    """A rebuilt view does not agree with its source; the previous one serves as before."""


class DataLoss(AnalyticsError):
    """Steps would lose data that nobody allowed; `impact` has a line for each, `names` allow it."""

    def __init__(self, impact: Sequence[str], names: Iterable[str]) -> None:
        self.impact = tuple(impact)
        allowed = list(dict.fromkeys(names))
        options = " ".join(f"--allow-data-loss {name}" for name in allowed)
        remedy = f"allow it: {options} (alembic: -x allow_data_loss={','.join(allowed)})"
        super().__init__("this loses data, and nothing was changed", f"back it up, then {remedy}")

    def __str__(self) -> str:
        return "\n  ".join((super().__str__(), *self.impact))


class PlanError(AnalyticsError):
    """A plan cannot be read, or is out of date; nothing was changed."""


class Interrupted(AnalyticsError):
    """A user has stopped a release; it ended between two steps."""

    exit_code = ExitCode.UNKNOWN


class LockTimeout(AnalyticsError):
    """Another process holds the lock for longer than the caller waits."""

    exit_code = ExitCode.LOCKED


class LockLost(AnalyticsError):
    """The connection that holds the lock is gone; nothing more was sent."""

    exit_code = ExitCode.UNKNOWN


class InDoubt(AnalyticsError):
    """A step was sent, and neither an answer nor its effect shows whether it happened."""

    exit_code = ExitCode.UNKNOWN


class JournalError(AnalyticsError):
    """The journal has no such run or step, or its revision has ended."""


class ConnectRefused(AnalyticsError):
    """Kafka Connect refuses a request; its message is passed on."""

    status = 0  # of the answer in HTTP


class NotHealthy(AnalyticsError):
    """A remote object was created but did not become healthy in time."""
