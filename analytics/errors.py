"""The errors that users see: each message names the thing, then the remedy.

AnalyticsError                 exit code 1
├── SettingError               a setting is missing or unusable
├── Unreachable                a server does not answer
├── AccessDenied               a server refuses the user or the password
├── DatabaseMissing            the database in the URL does not exist
├── StatementFailed            a server refuses a statement of a revision
├── DefinitionError            a numbered definition is missing or unusable
├── HistoryError               the files of a history do not make one
├── TargetError                a revision that is named is unknown, ambiguous or out of reach
├── RequirementMissing         a revision requires one that is not applied
├── RequirementCycle           revisions wait for each other
├── StillRequired              a revision that stays requires one that would go
├── Irreversible               a revision says that it cannot be taken back
├── Refused                    what is there is not what a revision expects
├── RebuildStopped             a rebuilt view is not what its source says
├── DataLoss                   steps would lose data, and nobody has allowed it
├── PlanError                  a plan is none, or what it was made for has changed
├── Interrupted                a person has stopped a release (4)
├── LockTimeout                somebody else works on these stores (5)
├── LockLost                   the lock's connection is gone (4)
├── InDoubt                    nobody can say whether a step happened (4)
├── JournalError               the journal has no such run or step
├── ConnectRefused             Kafka Connect refuses a request
└── NotHealthy                 a remote object did not get well in time

An error that only one package raises is defined in that package:

experiments.errors
├── NotMigrated                the schema lacks what a report reads
└── UnknownExperiment          nothing is known of the experiment that is named
local.errors
└── LocalStackError            a local service cannot be installed, started or stopped

Nothing here imports Alembic, so that commands which need none of it start at once;
`analytics.environment` hands these errors to plain `alembic` as its own CommandError.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import IntEnum


class ExitCode(IntEnum):
    """What a command's end says to a script; docs/errors.md describes each."""

    OK = 0
    ERROR = 1
    USAGE = 2
    PENDING = 3
    UNKNOWN = 4  # interrupted, or nobody can say what happened
    LOCKED = 5
    DIFFERENT = 6


class AnalyticsError(Exception):
    """A failure that a user can act on: `thing` is what is wrong, `remedy` what to do."""

    exit_code = ExitCode.ERROR

    def __init__(self, thing: str, remedy: str) -> None:
        self.thing = thing
        self.remedy = remedy
        super().__init__(f"{thing}: {remedy}")


def located(error: AnalyticsError) -> str:
    """The error's line, after the place in a revision where it arose, if it did in one."""
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
    """A server refuses a statement of a revision; its own words are passed on."""


class DefinitionError(AnalyticsError):
    """A numbered definition is missing, or says something that cannot be used."""


class HistoryError(AnalyticsError):
    """A revision's file cannot be used, or the files do not make a history."""


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
    """What is there is not what a revision expects; nothing was changed."""


class RebuildStopped(AnalyticsError):
    """A rebuilt view is not what its source says; the former one serves as before."""


class DataLoss(AnalyticsError):
    """Steps of a release would lose data, and nobody has allowed it; nothing was changed.

    `impact` has a line for each: revision, what is lost, about how many rows.
    """

    def __init__(self, impact: Sequence[str]) -> None:
        self.impact = tuple(impact)
        super().__init__(
            "this loses data, and nothing was changed",
            "take a backup of what is still needed, then say --allow-data-loss",
        )

    def __str__(self) -> str:
        return "\n  ".join((super().__str__(), *self.impact))


class PlanError(AnalyticsError):
    """A plan cannot be read, or what it was made for has changed; nothing was changed."""


class Interrupted(AnalyticsError):
    """A person has asked a release to stop; it did so between two steps."""

    exit_code = ExitCode.UNKNOWN


class LockTimeout(AnalyticsError):
    """Somebody else holds the lock for longer than the caller waits."""

    exit_code = ExitCode.LOCKED


class LockLost(AnalyticsError):
    """The connection that holds the lock is gone; nothing more was sent."""

    exit_code = ExitCode.UNKNOWN


class InDoubt(AnalyticsError):
    """A step was sent, and neither answer nor effect says whether it happened."""

    exit_code = ExitCode.UNKNOWN


class JournalError(AnalyticsError):
    """The journal has no such run or step, or it is not under way."""


class ConnectRefused(AnalyticsError):
    """Kafka Connect refuses a request; its own words are passed on."""


class NotHealthy(AnalyticsError):
    """A remote object was created but did not become healthy in time."""
