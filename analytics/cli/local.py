"""The commands `analytics local`: start, watch and stop the local stack."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict

import click
from rich.console import Console
from rich.table import Table

from analytics.cli import project
from analytics.errors import ExitCode
from analytics.local import faults, logs, services, stack
from analytics.local.errors import LocalStackError
from analytics.local.health import ServiceStatus
from analytics.local.service import Report

SERVICE = click.Choice(services.NAMES)


@click.group()
def local() -> None:
    """Run PostgreSQL, Kafka, Kafka Connect and ClickHouse on this machine, without Docker."""


@local.command()
@click.argument("names", metavar="[SERVICE]...", nargs=-1, type=SERVICE)
@click.option("--timeout", default=stack.START_TIMEOUT, help="Seconds to wait.", show_default=True)
def up(names: tuple[str, ...], timeout: float) -> None:
    """Start the services that do not run yet, and wait until they are ready."""
    ini = project.ini()
    with _progress("starting") as report:
        started = stack.up(names, ini=ini, report=report, timeout=timeout)
    for each in started:
        click.echo(f"{each.name:<11} {each.address}  log: {each.log}")


@local.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_context
def status(ctx: click.Context, as_json: bool) -> None:
    """Show the state of each service; exit code 1 unless all are healthy."""
    states = stack.status(ini=project.ini())
    if as_json:
        click.echo(json.dumps([_machine_readable(each) for each in states], indent=2))
    else:
        Console().print(_table(states))
    ctx.exit(ExitCode.OK if all(each.healthy for each in states) else ExitCode.ERROR)


@local.command()
@click.argument("names", metavar="[SERVICE]...", nargs=-1, type=SERVICE)
def down(names: tuple[str, ...]) -> None:
    """Stop services; their data stays."""
    ini = project.ini()
    with _progress("stopping") as report:
        stack.down(names, ini=ini, report=report)


@local.command()
@click.option("--yes", is_flag=True, help="Do not ask.")
def reset(yes: bool) -> None:
    """Stop all services and delete all data; downloaded jars stay."""
    ini = project.ini()
    place = stack.layout(ini).root / "data"
    yes or click.confirm(f"Throw away everything in {place}?", abort=True, err=True)
    with _progress("resetting") as report:
        stack.reset(ini=ini, report=report)


@local.command("logs")
@click.argument("name", metavar="SERVICE", type=SERVICE)
@click.option("-f", "--follow", is_flag=True, help="Continue with new lines as they are written.")
@click.option("-n", "--lines", default=20, show_default=True, help="How many lines.")
def show_logs(name: str, follow: bool, lines: int) -> None:
    """Print the end of a service's log."""
    log = stack.layout(project.ini()).log(name)
    with _interruptible(), faults.explained(log):
        size = logs.size(log)
        click.echo("".join(f"{line}\n" for line in logs.last_lines(log, lines)), nl=False)
        for text in logs.follow(log, size) if follow else ():
            click.echo(text, nl=False)


@local.command()
def env() -> None:
    """Print the addresses as `export` lines, for `eval "$(analytics local env)"`."""
    lines = stack.exports(ini=project.ini())
    if not lines:
        raise LocalStackError("no service runs", "start the stack with `analytics local up`")
    click.echo("\n".join(lines))


def _table(states: tuple[ServiceStatus, ...]) -> Table:
    table = Table("service", "state", "pid", "port", "MB", "seconds up", box=None)
    for each in states:
        port = each.ports[0] if each.ports else None
        cells = (each.pid, port, each.memory_mb, each.up_seconds)
        table.add_row(each.name, each.state, *("" if c is None else str(c) for c in cells))
    return table


@contextmanager
def _progress(doing: str) -> Iterator[Report]:
    """A report that prints lines on stderr, above a spinner on a terminal."""
    console = Console(stderr=True, highlight=False)

    def report(service: str, event: str) -> None:
        console.print(f"{service:<11} {event}", markup=False, soft_wrap=True)

    with _interruptible():
        if console.is_terminal:
            with console.status(doing):
                yield report
        else:
            yield report


def _machine_readable(status: ServiceStatus) -> dict[str, object]:
    """A service under `--json`: the columns of the table, and more."""
    values = asdict(status)
    return {"service": values.pop("name"), "port": next(iter(status.ports), None)} | values


@contextmanager
def _interruptible() -> Iterator[None]:
    """Ctrl-C ends with one line and exit code 4."""
    try:
        yield
    except KeyboardInterrupt:
        click.echo("interrupted: `analytics local up` goes on from here", err=True)
        sys.exit(ExitCode.UNKNOWN)
