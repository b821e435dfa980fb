"""The rehearsal of `analytics plan --check`: private stores, and what is said meanwhile."""

from __future__ import annotations

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


def check(made: Plan, loaded: Settings) -> None:
    """Run a plan both ways on private stores; what that cannot know is said on stderr.

    Raises LocalStackError if they do not start, and what `rehearsal.check` raises.
    """
    from analytics.local import private
    from analytics.release import rehearsal
    from analytics.watch import Watch

    rehearsal.possible(made)
    with private.started(
        loaded,
        with_kafka=bool(loaded.connect_url or loaded.kafka_bootstrap_servers),
        report=_report,
    ) as private_settings:
        outside: dict[str, Any] = dict.fromkeys(OF_THESE_SERVERS)
        unknown = rehearsal.check(made, replace(private_settings, **outside), Watch())
    for line in unknown:
        _say(f"{line} by other means than a revision: the check ran without that")
    _say("it runs, its way back runs, and it runs again")


def _report(service: str, event: str) -> None:
    _say(f"{service} {event}")


def _say(line: str) -> None:
    click.echo(f"check: {line}", err=True)
