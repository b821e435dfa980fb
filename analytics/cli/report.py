"""The command `analytics report`: the analysis of one experiment."""

from __future__ import annotations

import sys

import click

from analytics.cli import project
from analytics.experiments.reports import human, machine, reading
from analytics.experiments.reports.catalog import REPORTS


@click.command()
@click.argument("name", metavar="REPORT", type=click.Choice(tuple(REPORTS)))
@click.argument("experiment")
@click.option("--json", "form", flag_value="json", help="Print all rows and columns as JSON.")
@click.option("--csv", "form", flag_value="csv", help="Print all rows and columns as CSV.")
@click.option(
    "--limit",
    type=click.IntRange(min=0),
    default=50,
    show_default=True,
    help="Rows (or heat maps) to show without --json and --csv; 0 for all.",
)
def report(name: str, experiment: str, form: str | None, limit: int) -> None:
    """Print a report of one experiment.

    \b
    performance  rates, differences and tests of each variant
    summary      each treatment against the control, with a verdict
    journey      each user from assignment to conversion
    funnel       users assigned, exposed and converted
    attribution  the credits of each exposure before a conversion
    cohorts      retention and conversion by the day of assignment
    heatmap      events by weekday and hour, variant and page
    revenue      conversions and revenue by day
    traffic      new users by variant in the last hour, day and week
    """
    settings, limited = project.settings(), 0 if form else limit
    with reading.opened(settings, REPORTS[name], experiment, limit=limited) as rows:
        if form:
            machine.WRITERS[form](rows, sys.stdout)
        else:
            human.show(REPORTS[name], rows, experiment=experiment, limit=limit)
