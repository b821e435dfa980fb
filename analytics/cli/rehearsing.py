"""The rehearsal of `analytics plan --check`: private stores, and what is said meanwhile."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from analytics.release.plan import Plan
    from analytics.settings import Settings

OF_THESE_SERVERS = (
    *("postgres_internal_address", "kafka_internal_bootstrap_servers"),
    *("connect_username", "connect_password", "connect_ca_file"),
    *("kafka_security_protocol", "kafka_sasl_mechanism"),
    *("kafka_username", "kafka_password", "kafka_ca_file"),
)
"""The settings that private servers do without."""
NAMED = ("postgres_url", "clickhouse_url")
"""The addresses from which names follow."""


def check(made: Plan, loaded: Settings) -> None:
    """Run a plan both ways on private stores; what that cannot know is said on stderr.

    Raises LocalStackError if they do not start, and what `rehearsal.check` raises.
    """
    from analytics.release import rehearsal
    from analytics.watch import Watch

    rehearsal.possible(made)
    has_kafka = bool(loaded.connect_url or loaded.kafka_bootstrap_servers)
    with _private(loaded, with_kafka=has_kafka) as private:
        unknown = rehearsal.check(made, private, Watch())
    for line in unknown:
        _say(f"{line} by other means than a revision: the check ran without that")
    _say("it runs, its way back runs, and it runs again")


def check_whole(loaded: Settings) -> None:
    """Run all revisions both ways on private stores; no other server is asked.

    Raises LocalStackError if they do not start, and what `rehearsal.whole` raises.
    """
    from analytics.release import rehearsal
    from analytics.watch import Watch

    named: dict[str, Any] = {n: getattr(loaded, n) or f"{n}://private/project" for n in NAMED}
    has_kafka = rehearsal.needs_kafka(replace(loaded, **named))
    with _private(loaded, with_kafka=has_kafka) as private:
        rehearsal.whole(private, Watch())
    _say("all revisions run, their way back runs, and they run again")


@contextmanager
def _private(loaded: Settings, *, with_kafka: bool) -> Iterator[Settings]:
    from analytics.local import private

    with private.started(loaded, with_kafka=with_kafka, report=_report) as started:
        outside: dict[str, Any] = dict.fromkeys(OF_THESE_SERVERS)
        yield replace(started, **outside)


def _report(service: str, event: str) -> None:
    _say(f"{service} {event}")


def _say(line: str) -> None:
    click.echo(f"check: {line}", err=True)
