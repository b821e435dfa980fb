"""Plans that cannot be run, and releases that nobody may run: the command that can is named."""

import json
import os

import pytest

from tests.refusals.walk import edit, walks

pytestmark = pytest.mark.services

TABLE = "CREATE TABLE orders (id integer)"
DROP = 'op.execute("DROP TABLE orders")'


def planned(site, command="analytics plan --json"):
    """Write the plan that a command prints into a file."""
    done = site.execute(*command.split())
    assert done.code == 0, done.err
    return site.write("plan.json", done.out)


@walks("release/plan_file.py: this is not a plan ({})")
def test_a_file_that_is_no_plan(stores):
    stores.write("plan.json", "{}")
    said = stores.refused("analytics upgrade --plan plan.json")

    planned(stores, *said.commands)

    stores.passes("analytics upgrade --plan plan.json")


@walks("release/plan_file.py: the plan was edited: its fingerprint does not match")
def test_a_plan_that_was_edited(stores):
    stores.passes("analytics upgrade")
    file = planned(stores, "analytics plan base --downgrade --json")
    file.write_text(json.dumps(json.loads(file.read_text()) | {"targets": ["heads"]}))
    said = stores.refused("analytics downgrade --plan plan.json")

    planned(stores, *said.commands)

    stores.passes("analytics downgrade --plan plan.json")


@walks("release/run.py: this is the plan of another direction ({})")
def test_a_plan_of_another_direction(stores):
    planned(stores)
    said = stores.refused("analytics downgrade --plan plan.json", "upgrade")

    stores.passes(said.commands[0].replace("FILE", "plan.json"))


@walks("release/run.py: since the plan was made, {}")
def test_a_plan_that_is_out_of_date(stores):
    planned(stores, "analytics plan postgres@0001 --json")
    stores.revise("postgres", "0001", f'op.execute("{TABLE}")', DROP)
    said = stores.refused("analytics upgrade --plan plan.json", "revision postgres@0001")

    planned(stores, *said.commands)

    stores.passes("analytics upgrade --plan plan.json")


@walks("release/run.py: {}")
def test_a_release_that_loses_data(stores, databases):
    stores.revise("postgres", "0001", f'op.execute("{TABLE}")', DROP)
    stores.revise("postgres", "0002", DROP, f'op.execute("{TABLE}")')
    stores.passes("analytics upgrade postgres@0001")
    said = stores.refused("analytics upgrade", "drops table orders")
    with databases.postgres() as connection:
        assert connection.execute("SELECT count(*) FROM orders").fetchone() == (0,)

    option = said.text.split("allow it: ")[1].split(" (")[0]

    stores.passes(f"analytics upgrade {option}")


@walks("release/planner.py: there is no release to undo")
def test_an_undo_without_a_release(stores):
    stores.passes("alembic -n clickhouse upgrade head")
    stores.follow(stores.refused("analytics downgrade"), "analytics downgrade clickhouse@-1")

    stores.follow(stores.refused("analytics downgrade"), "analytics upgrade")

    stores.passes("analytics downgrade")


@walks("history/selection.py: {} came after the last release, by another way")
def test_an_undo_of_a_release_that_something_followed(stores):
    stores.passes("analytics upgrade")
    stores.revise("postgres", "0002")
    stores.passes("analytics upgrade postgres@0002")
    stores.revise("postgres", "0003")
    stores.passes("alembic upgrade head")
    said = stores.refused("analytics downgrade", "postgres@0003")

    assert said.commands == ["analytics downgrade postgres@0001 clickhouse@0001"]
    stores.follow(said)


@walks("release/needs.py: steps of this release cannot run: {}")
def test_a_release_without_its_broker(stores, monkeypatch):
    topic = '"${namespace}_orders"'
    stores.revise("postgres", "0001", f"op.create_topic({topic})", f"op.drop_topic({topic})")
    right = os.environ["ANALYTICS_KAFKA_BOOTSTRAP_SERVERS"]
    monkeypatch.setenv("ANALYTICS_KAFKA_BOOTSTRAP_SERVERS", "127.0.0.1:1")
    stores.refused("analytics upgrade", "ANALYTICS_KAFKA_BOOTSTRAP_SERVERS", "postgres@0001")

    monkeypatch.setenv("ANALYTICS_KAFKA_BOOTSTRAP_SERVERS", right)

    stores.passes("analytics upgrade")


@walks("history/order.py: {} requires {}, which is not applied")
def test_a_revision_whose_requirement_is_not_applied(stores):
    stores.revise("clickhouse", "0001", head='requires = "postgres@0001"\n')
    said = stores.refused("alembic -n clickhouse upgrade head", "clickhouse@0001", "postgres@0001")

    stores.follow(said)

    stores.passes("alembic -n clickhouse upgrade head")


@walks("history/order.py: {} requires {}")
def test_a_revision_that_another_history_requires(stores):
    stores.revise("clickhouse", "0001", head='requires = "postgres@0001"\n')
    stores.passes("analytics upgrade")
    said = stores.refused("alembic downgrade base", "clickhouse@0001", "postgres@0001")

    stores.follow(said)

    stores.passes("alembic downgrade base")


@walks("history/order.py: {} cannot be taken back ({})")
def test_a_revision_that_cannot_be_taken_back(stores):
    stores.revise("postgres", "0002", head='irreversible = "rows are gone"\n')
    file = stores.revise("postgres", "0003")
    file = file.with_name("0002_test.py")
    stores.passes("analytics upgrade")
    said = stores.refused("analytics downgrade postgres@0001", "postgres@0002", "rows are gone")

    stores.follow(said)

    assert "0002" in stores.passes("analytics status").text
    edit(file, 'irreversible = "rows are gone"\n', "")
