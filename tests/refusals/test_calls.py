"""Calls of operations that cannot be made, found while a script is written."""

import pytest

from tests.refusals.walk import edit, walks

CALLS = {
    "operations/loss.py: op.allow_loss() needs a reason: why may this be lost?": (
        'op.allow_loss("orders", "")',
        'op.allow_loss("orders", "archived in March")',
    ),
    "operations/sql.py: op.run_sql() needs one of two words: "
    'reruns="why it may be sent twice", or once=True': (
        'op.run_sql("SELECT 1")',
        'op.run_sql("SELECT 1", once=True)',
    ),
    "operations/topic.py: op.{}(): partitions is {}: write a number": (
        'op.create_topic("orders", partitions="4")',
        'op.create_topic("orders", partitions=4)',
    ),
    "operations/topic.py: op.{}(): {} is {}: write it in quotes": (
        'op.change_topic("orders", config={"retention.ms": 5})',
        'op.change_topic("orders", config={"retention.ms": "5"})',
    ),
    "operations/publication.py: op.alter_publication(): name tables to add or to remove": (
        'op.alter_publication("orders")',
        'op.alter_publication("orders", add=["orders"])',
    ),
    "directive/directive.py: op.{}(): {}": (
        'op.create_topic("orders", partition=1)',
        'op.create_topic("orders", partitions=1)',
    ),
    "environment.py: {}": (
        'op.create_publication("${pub}", tables=["orders"])',
        'op.create_publication("${publication}", tables=["orders"])',
    ),
}


@walks(*CALLS)
@pytest.mark.parametrize("key", CALLS)
def test_a_call_that_cannot_be_made(key, site):
    wrong, right = CALLS[key]
    file = site.revise("postgres", "0001", wrong)
    site.refused("alembic upgrade head --sql", "op." if key.startswith(("op", "dir")) else "pub")

    edit(file, wrong, right)

    site.passes("alembic upgrade head --sql")


@walks(
    "directive/context.py: this env.py does not prepare our operations: "
    "let it call analytics.environment.run()"
)
def test_an_env_py_of_alembic_alone(site):
    site.revise("postgres", "0001", 'op.create_publication("pub", tables=["orders"])')
    env = site.folder / "migrations" / "env.py"
    ours = env.read_text()
    env.write_text(
        "from logging.config import fileConfig\n\nimport analytics.operations\n"
        "from alembic import context\n\nfileConfig(context.config.config_file_name)\n"
        'context.configure(dialect_name="postgresql")\ncontext.run_migrations()\n'
    )
    site.refused("alembic upgrade head --sql")

    env.write_text(ours)

    assert "CREATE PUBLICATION" in site.passes("alembic upgrade head --sql").text
