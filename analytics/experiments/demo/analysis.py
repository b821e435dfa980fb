"""The analysis on stdout: ClickHouse's reports, and the same figures from other programs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from rich.console import Console
from rich.table import Table

from analytics.experiments.demo.peers import Figure
from analytics.experiments.demo.thornton import NOBODY, TREATMENT, Arm
from analytics.experiments.reports import human, reading
from analytics.experiments.reports.catalog import REPORTS
from analytics.settings import Settings

SHOWN = ("summary", "performance")
DIGITS = 10


def reports(settings: Settings, experiment: str) -> None:
    """Print the two reports that compare with the control, as `analytics report` does."""
    for name in SHOWN:
        with reading.opened(settings, REPORTS[name], experiment, limit=0) as rows:
            Console().print()
            human.show(REPORTS[name], rows, experiment=experiment, limit=0)


def beside(figures: Iterable[Figure], performance: Mapping[str, Mapping[str, Any]]) -> None:
    """Print each figure of ClickHouse beside the one of statsmodels or scipy."""
    rows = [
        (
            _label(figure).replace("_", " "),
            _digits(figure.found(performance)),
            _digits(figure.peer),
            _same(figure.agrees(performance)),
        )
        for figure in figures
    ]
    _print(
        f"the figures of {TREATMENT}, computed twice",
        ("figure", "ClickHouse", "statsmodels/scipy"),
        rows,
    )


def ledger(experiment: str, wanted: Mapping[str, Arm], computed: Mapping[str, Arm]) -> None:
    """Print each variant of the shop by ClickHouse, beside the shop's own ledger."""
    rows = []
    for variant, arm in wanted.items():
        ours = computed.get(variant, NOBODY)
        rows.append((variant, _arm(ours), _arm(arm), _same(ours == arm)))
    _print(
        f"{experiment}: users, converted, revenue", ("variant", "ClickHouse", "the ledger"), rows
    )


def _print(title: str, headings: Iterable[str], rows: Iterable[Iterable[str]]) -> None:
    table = Table(title=title, box=None)
    for number, heading in enumerate(headings):
        table.add_column(heading, justify="right" if number else "left")
    table.add_column("")
    for row in rows:
        table.add_row(*row)
    console = Console(highlight=False)
    console.print()
    console.print(table)


def _label(figure: Figure) -> str:
    return figure.column if figure.variant == TREATMENT else figure.name


def _digits(value: float | None) -> str:
    return "-" if value is None else f"{value:.{DIGITS}g}"


def _arm(arm: Arm) -> str:
    return f"{arm.users:,}  {arm.converted:,}  {arm.revenue:,.2f}"


def _same(agrees: bool) -> str:
    return "same" if agrees else "different"
