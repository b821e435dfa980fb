"""The command `analytics`: parse, call one function, print. Groups are imported when used."""

from __future__ import annotations

import sys
from importlib import import_module

import click

from analytics.errors import AnalyticsError

INTERRUPTED = 4
COMMANDS = {
    "demo": "analytics.cli.demo",
    "history": "analytics.cli.history",
    "local": "analytics.cli.local",
    "report": "analytics.cli.report",
    "status": "analytics.cli.status",
}
"""Command -> the module that holds it, under the command's own name."""


class Lazy(click.Group):
    """A group whose commands are imported when they are asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = getattr(import_module(COMMANDS[cmd_name]), cmd_name)
        return command


@click.group(cls=Lazy, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="analytics")
def analytics() -> None:
    """Ordered, reversible schema revisions over PostgreSQL, Kafka and ClickHouse."""


def main() -> None:
    """Run the command line: an error that users can act on is one line on stderr."""
    try:
        sys.exit(analytics(standalone_mode=False))
    except click.Abort:
        click.echo("interrupted", err=True)
        sys.exit(INTERRUPTED)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except AnalyticsError as error:
        click.echo(f"error: {error}", err=True)
        sys.exit(error.exit_code)
