"""Changes of tables that cannot be made: nothing is touched until they can."""

import pytest

from tests.refusals.walk import walks

V1 = "CREATE TABLE orders (id UInt64) ENGINE = MergeTree ORDER BY id"
V2 = "CREATE TABLE orders (id UInt64, note String) ENGINE = MergeTree ORDER BY id"
ADD = "ALTER TABLE orders ADD COLUMN IF NOT EXISTS note String"
CHANGE = 'op.change_table("orders", version=2, by={!r})'
PLACE = "operations/table.py: "
CALLS = {
    f"{PLACE}op.change_table(): by is a list of ALTER TABLE statements": (ADD, "by is a list"),
    "clickhouse/rehearsal.py: {} is no ALTER TABLE {}": (
        ["DROP TABLE orders"],
        "alters this table",
    ),
    f"{PLACE}op.change_table() of {{}}: {{}}": (
        [ADD.replace("IF NOT EXISTS ", "")],
        f"write {ADD}",
    ),
}
THERE = (
    f"{PLACE}there is no table {{}}",
    f"{PLACE}{{}} would not be as version {{}} defines it: {{}}",
)


@walks(*CALLS, f"{PLACE}{{}} is a {{}}, and no table")
def test_a_call_that_cannot_be_made(site):
    site.define("orders", V2, version=2)
    for key, (by, remedy) in CALLS.items():
        site.revise("clickhouse", "0001", CHANGE.format(by))
        site.refused("alembic -n clickhouse upgrade head --sql", remedy, key=key)

    site.define("orders", "CREATE VIEW orders AS SELECT 1 AS id", version=2)
    site.revise("clickhouse", "0001", CHANGE.format([ADD]))
    key = f"{PLACE}{{}} is a {{}}, and no table"
    site.refused("alembic -n clickhouse upgrade head --sql", "op.change_view", key=key)
    site.define("orders", V2, version=2)
    site.passes("alembic -n clickhouse upgrade head --sql")


@pytest.mark.services
@walks(*THERE)
def test_a_table_that_is_not_there_or_would_be_another(stores):
    stores.define("orders", V1)
    stores.define("orders", V2.replace("note String", "note String, paid UInt8"), version=2)
    change = CHANGE.format([ADD])
    stores.revise("clickhouse", "0001", change)
    stores.refused("analytics upgrade", "op.create_object", key=THERE[0])
    up, down = 'op.create_object("orders", version=1)', 'op.drop_object("orders")'
    stores.revise("clickhouse", "0001", f"{up}\n{change}", down)
    stores.refused("analytics upgrade", "+`paid` UInt8", "nothing was changed", key=THERE[1])

    stores.define("orders", V2, version=2)

    stores.passes("analytics upgrade")
