"""The dry run of a revision: its steps, a question to the server, or an error."""

import logging
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import Session

import analytics.postgres.impl  # noqa: F401  (registers the dialect's implementation)
from analytics.directive import Resources
from analytics.errors import HistoryError
from analytics.placeholders import placeholders
from analytics.runtime import dry_run
from analytics.stores import STORES
from tests.ours import DEMO

RESOURCES = Resources(STORES["postgres"], DEMO, placeholders(DEMO, lenient=True), Path())
T = sa.table("t", sa.column("id", sa.Integer))

QUESTIONS = {
    "rows": lambda: op.get_bind().execute(sa.text("SELECT 1")).fetchall(),
    "a loop": lambda: list(op.get_bind().execute(sa.text("SELECT 1"))),
    "a single value": lambda: op.get_bind().scalar(sa.text("SELECT 1")),
    "the driver": lambda: op.get_bind().connection.cursor().execute("SELECT 1"),
    "an inspector": lambda: sa.inspect(op.get_bind()).get_table_names(),
    "a reflected table": lambda: sa.Table("t", sa.MetaData(), autoload_with=op.get_bind()),
    "a session": lambda: Session(bind=op.get_bind()).execute(sa.text("SELECT 1")).all(),
    "the context": lambda: op.get_context().connection.begin().commit(),
    "a count": lambda: op.get_bind().execute(sa.text("DELETE FROM t")).rowcount,
}
FAULTS = {
    "a call": (lambda: op.run_sql("SELECT 1"), r"op\.run_sql\(\) needs one of two"),
    "a name": (lambda: op.execute(nonsense), "NameError"),  # noqa: F821
    "an attribute": (lambda: op.execute("".nonsense), "AttributeError"),
    "an answer that none gives": (lambda: {}["version"], "KeyError"),
    "a fault inside a library": (lambda: sa.Integer().impl, "AttributeError"),
}


def recorded(function):
    return dry_run.revision(function, RESOURCES)


def after_a_statement(function):
    def revision():
        op.execute("SELECT 0")
        function()

    return revision


@pytest.mark.parametrize("question", QUESTIONS.values(), ids=QUESTIONS)
def test_a_question_to_the_server_ends_the_recording(question):
    found = recorded(after_a_statement(question))

    assert found.steps[0] == "SELECT 0"
    assert not found.is_whole


def test_no_exception_handler_of_a_revision_hides_a_question():
    def revision():
        try:
            op.get_bind().execute(sa.text("SELECT 1")).fetchone()
        except Exception:
            op.execute("DROP TABLE t")

    assert not recorded(revision).is_whole


@pytest.mark.parametrize(("function", "name"), FAULTS.values(), ids=FAULTS)
def test_a_fault_of_a_revision_is_an_error_with_its_place(function, name):
    with pytest.raises(HistoryError, match=rf"test_dry_run\.py, line \d+: {name}"):
        recorded(after_a_statement(function))


def test_statements_on_the_connection_are_recorded_whole():
    def revision():
        op.get_bind().execute(sa.text("DELETE FROM t"))
        op.create_table("u", sa.Column("kind", postgresql.ENUM("a", "b", name="kind")))
        op.bulk_insert(T, [{"id": 1}])

    found = recorded(revision)

    assert found.is_whole
    assert found.steps[0] == "DELETE FROM t"
    assert [step.split("(")[0].split()[:2] for step in found.steps[1:]] == [
        ["CREATE", "TYPE"],
        ["CREATE", "TABLE"],
        ["INSERT", "INTO"],
    ]


def test_a_value_without_a_literal_is_not_known_before():
    rows = sa.table("t", sa.column("data", postgresql.JSONB))

    assert not recorded(lambda: op.bulk_insert(rows, [{"data": {"a": object()}}])).is_whole


def test_alembic_says_nothing_of_its_own_while_it_records(caplog):
    with caplog.at_level(logging.INFO):
        recorded(lambda: op.execute("SELECT 1"))

    assert not caplog.records
