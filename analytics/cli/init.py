"""The command `analytics init`: a project of one's own."""

from __future__ import annotations

from pathlib import Path

import click

CARRIED = "connectors that carry changes from the one to the other through Kafka"


@click.command()
@click.option("--postgres/--no-postgres", default=None, help="A history of PostgreSQL.")
@click.option("--clickhouse/--no-clickhouse", default=None, help="A history of ClickHouse.")
@click.option("--connectors/--no-connectors", default=None, help="From one to the other, by Kafka.")
def init(postgres: bool | None, clickhouse: bool | None, connectors: bool | None) -> None:
    """Write the files of a new project into the current folder.

    What is not said is asked. A file that exists stays as it is.
    """
    from analytics.scaffold import project
    from analytics.scaffold.project import Answers

    folder = Path.cwd()
    has_postgres = _answer("a history of PostgreSQL", postgres)
    has_clickhouse = _answer("a history of ClickHouse", clickhouse)
    if not (has_postgres or has_clickhouse):
        raise click.UsageError("a project has a history of PostgreSQL, of ClickHouse, or both")
    has_both = has_postgres and has_clickhouse
    if connectors and not has_both:
        raise click.UsageError("--connectors needs both: leave out --no-postgres, --no-clickhouse")
    has_connectors = has_both and _answer(CARRIED, connectors)
    written = project.write(folder, Answers(has_postgres, has_clickhouse, has_connectors))
    for path in written.new:
        click.echo(f"wrote  {path}")
    for path in written.kept:
        click.echo(f"kept   {path}, which was there")
    click.echo(_next(project.DISTRIBUTION, hidden=project.hides_ours(folder)))


def _answer(part: str, given: bool | None) -> bool:
    return click.confirm(f"Has it {part}?", default=True) if given is None else given


def _next(distribution: str, *, hidden: bool) -> str:
    """What to type now."""
    lines = [
        "",
        f"pip install '{distribution}[local]'   # servers on this machine; needs Java 17 and Maven",
        "analytics local up                        # or set ANALYTICS_POSTGRES_URL and so on",
        "analytics plan",
        "analytics upgrade",
        "pytest tests/test_migrations.py",
    ]
    if hidden:
        lines += [
            "",
            "This folder has a package `analytics` of its own, which hides ours from `python -m "
            "alembic` and from tests: rename it, or keep the histories in a folder without it.",
        ]
    return "\n".join(lines)
