"""The course of the demo, from its start to its exit code."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import psycopg
from sqlalchemy import Connection

from analytics.errors import ExitCode
from analytics.experiments import connection
from analytics.experiments.demo import (
    analysis,
    application,
    arrival,
    ledger,
    peers,
    replay,
    results,
    shop,
    show,
    thornton,
    trade,
    verdict,
    watch,
)
from analytics.experiments.demo.prepare import Start, prepare
from analytics.experiments.demo.send import Sending, send_first, send_rest
from analytics.experiments.demo.shop import Shop
from analytics.experiments.demo.thornton import PUBLISHED, Arm, Person
from analytics.experiments.demo.watch import Ends
from analytics.kafka import topics
from analytics.placeholders import placeholders
from analytics.settings import Ini, Settings, brokers


def run(timeout: float, start: Start, ini: Ini) -> int:
    """Replay, watch and compare; 0 if the output is equal to the input, else 1; 4 if interrupted.

    NotHealthy if rows do not arrive in time; SettingError without the packages of the demo; also
    the errors of the local stack and of a release.
    """
    try:
        return _run(timeout, start, ini)
    except KeyboardInterrupt:
        show.say("interrupted: `analytics demo` sends everything again, and it counts once")
        return ExitCode.UNKNOWN


def _run(timeout: float, start: Start, ini: Ini) -> int:
    people = thornton.people()
    peers.need()
    place = prepare(show.say, start, ini)
    with _opened(place.settings) as (source, ends):
        resent = replay.earlier(source)
        show.intention(people, resent=resent)
        latencies = _replayed(place.settings, source, ends, people=people, timeout=timeout)
        arms = results.arms(ends.target)
        findings = _compared(ends.target, people, arms)
        show.outcome(arms, latencies, resent=resent)
        findings += _analysed(place.settings, source, ends.target, people=people, timeout=timeout)
    show.findings(findings)
    show.next_steps(place)
    return ExitCode.ERROR if findings else ExitCode.OK


@contextmanager
def _opened(settings: Settings) -> Iterator[tuple[psycopg.Connection, Ends]]:
    topic = placeholders(settings).fill("${topic}")
    with (
        connection.postgres(settings) as source,
        connection.clickhouse(settings) as target,
        topics.admin(brokers.of(settings)) as broker,
    ):
        yield source, Ends(broker, watch.partitions(broker, topic), target)


def _replayed(
    settings: Settings,
    source: psycopg.Connection,
    ends: Ends,
    *,
    people: Sequence[Person],
    timeout: float,
) -> list[float]:
    application.announce(source)
    sending = Sending(settings, source, ends, people=people, start=watch.mark(source, ends))
    show.say(f"the first {replay.FIRST} people must arrive before the others are sent")
    send_first(sending, timeout=timeout)
    with show.progress() as progress:
        return send_rest(sending, timeout=timeout, progress=progress)


def _compared(target: Connection, people: Sequence[Person], arms: dict[str, Arm]) -> list[str]:
    sent_events, sent_assignments = verdict.sent_events(people), verdict.sent_assignments(people)
    return [
        *verdict.compare_rows("events_processed", sent_events, results.events(target)),
        *verdict.compare_rows(
            "assignments_processed", sent_assignments, results.assignments(target)
        ),
        *verdict.compare_arms(thornton.arms(people), arms),
        *verdict.compare_published(PUBLISHED, arms),
    ]


def _analysed(
    settings: Settings,
    source: psycopg.Connection,
    target: Connection,
    *,
    people: Sequence[Person],
    timeout: float,
) -> list[str]:
    """Findings in the analyses of both experiments; the shop's rows travel meanwhile."""
    happened = shop.simulate(trade.announce(source))
    show.shop_intention(happened)
    results.reload(target)
    sent = arrival.send(source, happened)
    findings = _computed_twice(settings, target, people)
    arrival.wait(target, sent, timeout=timeout)
    return [*findings, *_balanced(target, happened)]


def _computed_twice(settings: Settings, target: Connection, people: Sequence[Person]) -> list[str]:
    figures = peers.figures(people)
    performance = results.performance(target, thornton.EXPERIMENT)
    analysis.reports(settings, thornton.EXPERIMENT)
    analysis.beside(figures, performance)
    return list(peers.compare(figures, performance))


def _balanced(target: Connection, happened: Shop) -> list[str]:
    wanted = ledger.arms(happened)
    computed = results.sales(results.performance(target, shop.EXPERIMENT))
    analysis.ledger(shop.EXPERIMENT, wanted, computed)
    return list(verdict.compare_arms(wanted, computed, verdict.PERFORMANCE))
