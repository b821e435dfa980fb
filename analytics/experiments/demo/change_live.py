"""`analytics demo --change-live`: a view is changed under traffic, and changed back.

Revision 0018 leaves bots out of the hourly and daily counts. Events are written to PostgreSQL
meanwhile, and a reader queries the counts all the time.
"""

from __future__ import annotations

import time

from sqlalchemy import Connection

from analytics.errors import ExitCode, NotHealthy
from analytics.experiments import connection
from analytics.experiments.demo import show
from analytics.experiments.demo.prepare import Start, prepare
from analytics.experiments.demo.traffic import RATE, Traffic, counts, running
from analytics.journal.entry import Direction
from analytics.release import run as release
from analytics.settings import Ini, Settings
from analytics.watch import Watch

WITH, WITHOUT = "clickhouse@0017", "clickhouse@0018"  # bots
WHILE = 3.0  # seconds of traffic between the changes


def run(timeout: float, start: Start, ini: Ini) -> int:
    """Change and change back under traffic; 0 if every event is counted correctly, else 1.

    NotHealthy if events have not arrived after `timeout` seconds; also the errors of a release.
    """
    settings = prepare(show.say, start, ini).settings
    _move(settings, Direction.DOWN, WITH)
    traffic = Traffic()
    with connection.clickhouse(settings) as target:
        _change_and_go_back(settings, target, traffic)
        findings = _arrived(target, traffic, timeout, expected=traffic.sent)
        _move(settings, Direction.UP, WITHOUT)
        findings += _arrived(target, traffic, timeout, expected=traffic.people)
    _move(settings, Direction.UP, "clickhouse@head")
    show.say(
        f"a reader has queried {traffic.looks:,} times meanwhile; errors: {len(traffic.errors)}"
    )
    findings += traffic.errors[:3]
    show.findings(findings)
    return ExitCode.ERROR if findings else ExitCode.OK


def _change_and_go_back(settings: Settings, target: Connection, traffic: Traffic) -> None:
    """Upgrade and downgrade while the traffic runs."""
    with running(settings, traffic):
        show.say(
            f"{RATE} events a second are written for {traffic.experiment}, every tenth by a bot"
        )
        _wait(target, traffic, "before: bots are counted")
        _move(settings, Direction.UP, WITHOUT)
        _wait(target, traffic, "after: bots are left out, of history, too")
        _move(settings, Direction.DOWN, WITH)
        _wait(target, traffic, "after the downgrade: bots are counted, also of the time between")


def _move(settings: Settings, direction: Direction, target: str) -> None:
    """One release."""
    began = time.monotonic()
    watch = Watch(lambda line: show.say(f"  {line}"))
    release.run(settings, direction, (target,), watch=watch, planned=lambda _: None)
    show.say(f"{direction} to {target}: {time.monotonic() - began:.1f} s")


def _wait(target: Connection, traffic: Traffic, when: str) -> None:
    time.sleep(WHILE)
    events, hourly, daily = counts(target, traffic)
    show.say(
        f"{when}: sent {traffic.sent:,} ({traffic.bots:,} by bots), "
        f"arrived {events:,}, by the hour {hourly:,}, by the day {daily:,}"
    )


def _arrived(target: Connection, traffic: Traffic, timeout: float, *, expected: int) -> list[str]:
    """Findings in the counts when all events have arrived; NotHealthy if they do not arrive."""
    deadline = time.monotonic() + timeout
    while (arrived := counts(target, traffic)[0]) < traffic.sent:
        if time.monotonic() > deadline:
            raise NotHealthy(
                f"{traffic.sent - arrived:,} events have not arrived after {timeout:g} s",
                "look at system.kafka_consumers and rejected_messages in ClickHouse",
            )
        time.sleep(0.2)
    time.sleep(1)
    events, hourly, daily = counts(target, traffic)
    show.say(f"at rest: {events:,} events, by the hour {hourly:,}, by the day {daily:,}")
    if (events, hourly, daily) == (traffic.sent, expected, expected):
        return []
    return [f"{expected:,} of {traffic.sent:,} events must be counted, by the hour and by the day"]
