"""The command line: each command parses its arguments, calls one function, and prints.

Entry: `main`. A command is in the module of its name, which is imported when it is used; read
`project` (the alembic.ini that `-c` names), `releasing` (upgrade and downgrade), `progress` (what
they show on stderr), `refusals` (errors as JSON), then any other. It imports every package, and
only it imports `local` and `experiments`.
"""

from __future__ import annotations

import sys
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

import click

from analytics.cli import refusals
from analytics.errors import AnalyticsError, ExitCode, located

COMMANDS = {
    "connectors": "List the connectors of the database: state, slot, lag, and what to do.",
    "demo": "Replay a published experiment through the pipeline and check what comes out.",
    "downgrade": "Take both stores back to TARGET, or undo the last release.",
    "history": "Show all revisions of both histories, in the order in which they run.",
    "init": "Write the files of a new project into the current folder.",
    "journal": "Print the journals of both stores, or the lines of one RUN.",
    "local": "Run PostgreSQL, Kafka, Kafka Connect and ClickHouse on this machine, without Docker.",
    "plan": "Show what a release would do, without doing it.",
    "rebuild": "Show what a rebuild of a materialized view would do, without doing it.",
    "rebuilds": "List the rebuilds of views: progress, what delays them, what to do next.",
    "releases": "List the releases: time, user, and the revisions before and after.",
    "report": "Print a report of one experiment.",
    "resolve": "Say whether STEP of RUN has happened; then run the command again.",
    "stamp": "Record the revisions that both stores are at, without running any.",
    "status": "Show which revisions both stores are at, and which are pending.",
    "upgrade": "Bring both stores to TARGET, or to their newest revisions.",
    "verify": "Compare what views have computed with their sources, key by key.",
}
"""The commands, each with the first line of its help."""


@cache
def _command(name: str) -> click.Command:
    command: click.Command = getattr(import_module(f"analytics.cli.{name}"), name)
    if command.callback:
        command.callback = refusals.as_asked(command.callback)
    return command


class Lazy(click.Group):
    """A group whose commands are imported when they are used, not when they are listed."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        return _command(cmd_name) if cmd_name in COMMANDS else None

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command; its error loses the secrets of the project that it works on."""
        try:
            return super().invoke(ctx)
        except AnalyticsError as error:
            raise refusals.redacted(error) from error.__cause__

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(sorted(COMMANDS.items()))


@click.group(cls=Lazy, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="pipeline-revisions")
@click.option(
    "-c",
    "--config",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="The project's alembic.ini. Without it: the one that ALEMBIC_CONFIG names, else the "
    "nearest in this folder or above it.",
)
def analytics(config: Path | None) -> None:
    """Ordered, reversible schema revisions over PostgreSQL, Kafka and ClickHouse."""


def main() -> None:
    """Run the command line: an error that a user can act on is one line on stderr."""
    try:
        sys.exit(analytics(standalone_mode=False))
    except click.Abort:
        click.echo("interrupted: run the same command again to go on", err=True)
        sys.exit(ExitCode.UNKNOWN)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except AnalyticsError as error:
        click.echo(f"error: {located(error)}", err=True)
        sys.exit(error.exit_code)
