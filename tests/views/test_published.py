"""A published experiment, written to PostgreSQL as it happened: the reports give its table.

Bertrand and Mullainathan (2004), Are Emily and Greg More Employable than Lakisha and Jamal?,
American Economic Review 94(4), 991-1013, Table 1: of résumés with White and with African-American
sounding names, how many were sent, which percentage was called back, and the p-value of a two-sided
test of equal proportions.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import product

import pytest

from tests.arrival import await_answer
from tests.conftest import Databases
from tests.views import source
from tests.views.conftest import GIVEN
from tests.views.ledger import Assignment, Event, Experiment, Ledger, Step, Variant, ledger
from tests.views.oracle.statistics import Counts
from tests.views.warehouse import Warehouse

pytestmark = [
    pytest.mark.services,
    pytest.mark.skipif(f"os.environ.get('{GIVEN}')", reason="no PostgreSQL is given"),
]

Groups = dict[str, dict[str, object]]

TABLE: Groups = {
    "all": {"white": (2435, "9.65%"), "black": (2435, "6.45%"), "p": "0.0000"},
    "females": {"white": (1860, "9.89%"), "black": (1886, "6.63%"), "p": "0.0003"},
    "males": {"white": (575, "8.87%"), "black": (549, "5.83%"), "p": "0.0513"},
}
RESUMES = {  # called back, sent
    ("females", "white"): (184, 1860),
    ("females", "black"): (125, 1886),
    ("males", "white"): (51, 575),
    ("males", "black"): (32, 549),
}
SENT = datetime(2001, 7, 2, 9, tzinfo=UTC)


def test_call_backs_are_as_published(histories: Databases, warehouse: Warehouse) -> None:
    book = source.carry(histories, warehouse, _experiments())

    await_answer(lambda: _table(warehouse, book), TABLE, question="Table 1")


def _experiments() -> Ledger:
    """One user a résumé, both in the experiment of all and in that of their sex."""
    names = (Variant("white", "White", True, 1), Variant("black", "African-American", False, 1))
    experiments = [Experiment(group, names) for group in TABLE]
    steps = [step for (sex, race), counts in RESUMES.items() for step in _sent(sex, race, counts)]
    return ledger(*experiments, *steps)


def _sent(sex: str, race: str, counts: Counts) -> Iterator[Step]:
    """Every résumé is sent, the first of them are answered by a call."""
    called_back, sent = counts
    for number, group in product(range(sent), ("all", sex)):
        user = f"{sex} {race} {number}"
        id = f"{group} {user}"
        yield Assignment(id, group, user, race, SENT)
        if number < called_back:
            yield Event(id, group, user, race, "conversion", SENT + timedelta(days=9))


def _table(warehouse: Warehouse, book: Ledger) -> Groups:
    """Table 1 by experiment_performance, to the digits that were published."""
    found: Groups = {group: {} for group in TABLE}
    for row in warehouse.report("experiment_performance", book):
        group = found[str(row["experiment_id"]).removeprefix(book.prefix)]
        if row["users"]:
            group[str(row["variant_id"])] = (row["users"], f"{row['conversion_rate']:.2%}")
        if row["p_value"] is not None:
            group["p"] = f"{row['p_value']:.4f}"
    return found
