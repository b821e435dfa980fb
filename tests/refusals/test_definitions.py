"""Definitions and operations that cannot be used, found while a script is written."""

import pytest

from tests.refusals.walk import edit, walks

TABLE = "CREATE TABLE visits (n UInt64) ENGINE = MergeTree ORDER BY n"
KAFKA = "CREATE TABLE visits (n UInt64) ENGINE = Kafka SETTINGS kafka_format = 'RawBLOB'"
GROUP = "'RawBLOB', kafka_group_name = 'readers'"
USABLE = "clickhouse/usable.py: the definition of {} {}"
MANY = "clickhouse/definition.py: the definition of {} holds more than one statement"
FORGET = 'op.drop_object("visits", forget_offsets=True)'

TEXTS = {
    "clickhouse/definition.py: the definition of {} does not begin with CREATE": (
        TABLE.replace("CREATE", "CREATE OR REPLACE"),
        TABLE,
    ),
    "clickhouse/definition.py: the definition of {} names a database": (
        TABLE.replace("visits", "shop.visits"),
        TABLE,
    ),
    "clickhouse/definition.py: the definition of {} has no AS": (
        "CREATE MATERIALIZED VIEW visits TO pages SELECT 1 AS n".replace(" AS", ""),
        "CREATE MATERIALIZED VIEW visits TO pages AS SELECT 1",
    ),
    "clickhouse/usable.py: the definition of {} fills what it creates ({})": (
        f"{TABLE} AS SELECT 1 AS n",
        TABLE,
    ),
    USABLE: (f"{TABLE} COMMENT 'all visits'", f"-- all visits\n{TABLE}"),
    "placeholders/filling.py: {} is no placeholder, and ClickHouse would take it as it is": (
        TABLE.replace("UInt64", "UInt64 DEFAULT '${env:SECRET}'"),
        TABLE.replace("UInt64", "UInt64 DEFAULT '${topic}'"),
    ),
    "placeholders/filling.py: {} is no placeholder": (
        TABLE.replace("UInt64", "UInt64 DEFAULT '${tropic}'"),
        TABLE.replace("UInt64", "UInt64 DEFAULT '${topic}'"),
    ),
}
NAMED = {key: wrong.split("'")[1] for key, (wrong, _) in TEXTS.items() if "placeh" in key}


@walks(*TEXTS)
@pytest.mark.parametrize("key", TEXTS)
def test_a_definition_that_cannot_be_used(key, site):
    wrong, right = TEXTS[key]
    site.revise("clickhouse", "0001", 'op.create_object("visits", version=1)')
    site.define("visits", wrong)
    site.refused("alembic -n clickhouse upgrade head --sql", NAMED.get(key, "visits"))

    site.define("visits", right)

    site.passes("alembic -n clickhouse upgrade head --sql")


@walks(MANY)
def test_a_definition_of_two_statements_is_split(site):
    file = site.revise("clickhouse", "0001", 'op.create_object("visits", version=1)')
    site.define("visits", f"{TABLE};\n{TABLE.replace('visits', 'pages')}")
    site.refused("alembic -n clickhouse upgrade head --sql", "visits")

    site.define("visits", TABLE)
    site.define("pages", TABLE.replace("visits", "pages"))
    edit(file, "version=1)", 'version=1)\n    op.create_object("pages", version=1)')

    said = site.passes("alembic -n clickhouse upgrade head --sql")
    assert "CREATE TABLE visits" in said.text and "CREATE TABLE pages" in said.text


@walks("definitions.py: no definition {} in {}")
def test_a_version_that_has_no_file(site):
    file = site.revise("clickhouse", "0001", 'op.create_object("visits", version=2)')
    said = site.refused("alembic -n clickhouse upgrade head --sql", "visits_v02.sql")
    assert f"write {site.folder}/migrations_ch/objects/visits_v02.sql" in said.text

    site.define("visits", TABLE)
    said = site.refused("alembic -n clickhouse upgrade head --sql", "use an existing version: [1]")
    edit(file, "version=2", "version=1")

    site.passes("alembic -n clickhouse upgrade head --sql")


@walks("definitions.py: no definition of {} in {}")
def test_an_object_that_has_no_file(site):
    site.revise("clickhouse", "0001", 'op.drop_object("visits")')
    said = site.refused("alembic -n clickhouse upgrade head --sql", "no definition of visits")

    place = said.text.split("write ")[1].split()[0]
    site.write(place, TABLE)

    site.passes("alembic -n clickhouse upgrade head --sql")


@walks("operations/_existing.py: the definition of {} names no consumer group to forget")
def test_a_group_that_no_definition_names(site):
    site.revise("clickhouse", "0001", FORGET)
    file = site.define("visits", KAFKA)
    site.refused("alembic -n clickhouse upgrade head --sql", "visits")

    edit(file, "'RawBLOB'", GROUP)

    assert "--group readers" in site.passes("alembic -n clickhouse upgrade head --sql").text


@walks("operations/object.py: {} is no Kafka table")
def test_offsets_of_a_table_that_has_none(site):
    file = site.revise("clickhouse", "0001", FORGET)
    site.define("visits", TABLE)
    site.refused("alembic -n clickhouse upgrade head --sql", "visits")

    edit(file, ", forget_offsets=True", "")

    site.passes("alembic -n clickhouse upgrade head --sql")
