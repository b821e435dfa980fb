"""The version table of the ClickHouse history: no head is ever lost."""

import pytest
from alembic.runtime.migration import HeadMaintainer, MigrationContext
from sqlalchemy import create_engine

import analytics.clickhouse.impl  # noqa: F401  (registers the dialect's implementation)

pytestmark = pytest.mark.services


@pytest.fixture
def context(databases):
    """A migration context on an empty database, its version table created."""
    url = databases.clickhouse_url.replace("default@", "default:@")
    with create_engine(url).connect() as connection:
        made = MigrationContext.configure(connection)
        made._ensure_version_table()
        yield made


def test_a_head_comes_moves_and_goes(context):
    heads = HeadMaintainer(context, ())

    heads._insert_version("0001")
    assert context.get_current_heads() == ("0001",)

    heads._update_version("0001", "0002")
    assert context.get_current_heads() == ("0002",)

    heads._delete_version("0002")
    assert context.get_current_heads() == ()


def test_a_head_that_went_can_come_again(context):
    heads = HeadMaintainer(context, ())

    for _ in range(3):
        heads._insert_version("0001")
        heads._delete_version("0001")
    heads._insert_version("0001")

    assert context.get_current_heads() == ("0001",)


def test_two_heads_stay_two(context):
    heads = HeadMaintainer(context, ())

    heads._insert_version("0001")
    heads._insert_version("0002")

    assert sorted(context.get_current_heads()) == ["0001", "0002"]


def test_the_table_may_be_made_twice_and_purged(context):
    HeadMaintainer(context, ())._insert_version("0001")

    context._ensure_version_table()
    assert context.get_current_heads() == ("0001",)

    context._ensure_version_table(purge=True)
    assert context.get_current_heads() == ()


def test_a_move_is_one_block_of_the_log(context, databases):
    heads = HeadMaintainer(context, ())
    heads._insert_version("0001")

    heads._update_version("0001", "0002")

    rows = databases.clickhouse(
        "SELECT version_num, op FROM alembic_version_log WHERE seq = 2 ORDER BY op"
    )
    assert rows == [["0001", "del"], ["0002", "add"]]
