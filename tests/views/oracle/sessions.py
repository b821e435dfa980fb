"""user_sessions: D17 and D18."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from tests.views.ledger import Event, Ledger
from tests.views.oracle.users import Row, User, single_variant

GAP = timedelta(minutes=30)
ENGAGED_AFTER = timedelta(seconds=10)


@dataclass(frozen=True)
class Session:
    """Events of one user with no gap of more than 30 minutes."""

    events: tuple[Event, ...]

    @property
    def duration(self) -> timedelta:
        """From the first event to the last."""
        return self.events[-1].timestamp - self.events[0].timestamp

    @property
    def engaged(self) -> bool:
        """Long enough, or converting, or of several pages."""
        long = self.duration > ENGAGED_AFTER
        return long or self.count("conversion") >= 1 or self.count("page_view") >= 2

    def count(self, event_type: str) -> int:
        """The events of a type."""
        return sum(event.event_type == event_type for event in self.events)


def sessions_of(user: User) -> list[Session]:
    """The sessions of a user's valid events, in order."""
    runs: list[list[Event]] = []
    for event in user.events:
        if runs and event.timestamp - runs[-1][-1].timestamp <= GAP:
            runs[-1].append(event)
        else:
            runs.append([event])
    return [Session(tuple(run)) for run in runs]


def user_sessions(ledger: Ledger) -> list[Row]:
    """The sessions of all users with one variant."""
    return [
        _row(user, number, session)
        for user in single_variant(ledger)
        for number, session in enumerate(sessions_of(user), start=1)
    ]


def _row(user: User, number: int, session: Session) -> Row:
    return {
        "experiment_id": user.experiment_id,
        "user_id": user.user_id,
        "session_no": number,
        "variant_id": user.variant_id,
        "session_start": session.events[0].timestamp,
        "session_end": session.events[-1].timestamp,
        "duration_s": session.duration.total_seconds(),
        "events": len(session.events),
        "page_views": session.count("page_view"),
        "conversions": session.count("conversion"),
        "engaged": int(session.engaged),
    }
