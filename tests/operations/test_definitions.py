"""Definitions that op.create_object refuses when a release is planned, and those that it takes."""

import pytest
from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext

from analytics.directive import OperationContext, Resources
from analytics.errors import DefinitionError
from analytics.operations.object import CreateObject
from analytics.placeholders import placeholders
from analytics.settings import Settings
from analytics.stores import STORES
from tests.ours import OURS

NOWHERE = Settings(ini=OURS)


@pytest.fixture
def define(tmp_path):
    """Write the definition of an object; the context in which an operation finds it."""

    def write(text):
        (tmp_path / "objects").mkdir()
        (tmp_path / "objects" / "thing_v01.sql").write_text(text)
        store = STORES["clickhouse"]
        store.register()
        resources = Resources(store, NOWHERE, placeholders(NOWHERE), tmp_path)
        options = {"as_sql": True, Resources.OPTION: resources}
        context = MigrationContext.configure(dialect_name=store.dialect, opts=options)
        return OperationContext(Operations(context))

    return write


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("CREATE TABLE thing ENGINE = Memory AS SELECT 1 AS n", "fills what it creates"),
        ("CREATE TABLE thing ENGINE = Memory AS (SELECT 1 AS n)", "fills what it creates"),
        ("CREATE TABLE thing CLONE AS other", "fills what it creates"),
        (
            "create materialized view thing engine = Memory populate as select 1 as n",
            "fills what it creates",
        ),
        ("CREATE VIEW thing AS SELECT 1; SELECT 2", "more than one statement"),
        ("CREATE VIEW thing AS SELECT '${nonsense}'", "nonsense} is no placeholder"),
    ],
)
def test_what_could_only_fail_later_is_refused_when_it_is_planned(text, reason, define):
    with pytest.raises(DefinitionError, match=reason):
        CreateObject("thing", 1).digest_text(define(text))


@pytest.mark.parametrize(
    "text",
    [
        "CREATE TABLE thing ENGINE = Memory EMPTY AS SELECT 1 AS n",
        "CREATE TABLE thing AS other",
        "CREATE MATERIALIZED VIEW thing TO other AS SELECT n AS populate FROM populate",
        "CREATE VIEW thing AS SELECT 1 AS n",
        "CREATE NAMED COLLECTION ${kafka_collection} AS b = '${kafka_brokers}'",
    ],
)
def test_what_fills_nothing_is_taken_even_without_settings(text, define):
    assert text in CreateObject("thing", 1).digest_text(define(text))
