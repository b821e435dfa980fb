"""op.create_object and op.drop_object, on a server."""

import pytest

UP, DOWN = 'op.create_object("thing", version=1)', 'op.drop_object("thing")'
KINDS = {
    "table": "CREATE TABLE thing (x Int8) ENGINE = MergeTree ORDER BY x",
    "kafka": "CREATE TABLE thing (x String) ENGINE = Kafka SETTINGS "
    "kafka_broker_list = '${kafka_brokers}', kafka_topic_list = '${topic}', "
    "kafka_group_name = '${group}', kafka_format = 'RawBLOB'",
    "view": "CREATE VIEW thing AS SELECT name FROM system.one AS o, system.databases",
    "materialized view": "CREATE MATERIALIZED VIEW thing ENGINE = MergeTree ORDER BY n AS "
    "SELECT number AS n FROM system.numbers",
    "dictionary": "CREATE DICTIONARY thing (id UInt64, v String) PRIMARY KEY id "
    "SOURCE(CLICKHOUSE(TABLE 't')) LAYOUT(HASHED()) LIFETIME(0)",
    "function": "CREATE FUNCTION ${namespace}_thing AS x -> x + 1",
    "named collection": "CREATE NAMED COLLECTION ${namespace}_thing AS k = 'v'",
}


def exists(databases, kind):
    """Whether the server has the object, in the catalog of its kind."""
    table, name = {
        "function": ("system.functions", f"{databases.name}_thing"),
        "named collection": ("system.named_collections", f"{databases.name}_thing"),
    }.get(kind, ("system.tables WHERE database = currentDatabase() AND 1", "thing"))
    word = "AND" if "WHERE" in table else "WHERE"
    return databases.clickhouse(f"SELECT count() FROM {table} {word} name = '{name}'") == [["1"]]


@pytest.mark.services
@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_comes_goes_and_comes_again(kind, revise, databases):
    run = revise("clickhouse", UP, DOWN, objects__thing_v01_sql=KINDS[kind])

    for command, there in (("upgrade", True), ("downgrade", False)) * 2:
        outcome = run(command, "head" if there else "base")
        assert outcome.code == 0, outcome.err
        assert exists(databases, kind) is there


@pytest.mark.services
@pytest.mark.parametrize("kind", ["kafka", "view", "materialized view", "dictionary"])
def test_whatever_was_made_before_a_crash_is_kept(kind, revise, databases):
    run = revise("clickhouse", UP, DOWN, objects__thing_v01_sql=KINDS[kind])
    made = "SELECT uuid FROM system.tables WHERE database = currentDatabase() AND name = 'thing'"
    run("upgrade", "head")
    there = databases.clickhouse(made)
    run("stamp", "base")

    assert run("upgrade", "head").code == 0
    assert databases.clickhouse(made) == there
    run("downgrade", "base")


@pytest.mark.services
def test_a_function_is_dropped_and_not_the_table_of_its_name(revise, databases):
    databases.clickhouse(f"CREATE TABLE {databases.name}_thing (n Int8) ENGINE = Memory")
    run = revise("clickhouse", UP, DOWN, objects__thing_v01_sql=KINDS["function"])

    assert run("upgrade", "head").code == 0
    assert run("downgrade", "base").code == 0

    assert not exists(databases, "function")
    assert databases.clickhouse(f"EXISTS TABLE {databases.name}_thing") == [["1"]]


@pytest.mark.services
def test_an_object_made_before_a_crash_is_taken_for_done(revise, databases):
    run = revise("clickhouse", UP, DOWN, objects__thing_v01_sql=KINDS["table"])
    run("upgrade", "head")
    run("stamp", "base")
    databases.clickhouse("INSERT INTO thing VALUES (1)")

    assert run("upgrade", "head").code == 0
    assert databases.clickhouse("SELECT x FROM thing") == [["1"]]
    run("downgrade", "base")


@pytest.mark.services
def test_another_object_of_that_name_is_refused_and_kept(revise, databases):
    databases.clickhouse("CREATE TABLE thing (mine Int8) ENGINE = Memory")
    run = revise("clickhouse", UP, DOWN, objects__thing_v01_sql=KINDS["table"])

    outcome = run("upgrade", "head")

    assert outcome.code != 0
    assert "table thing is there already, but not as this definition makes it" in outcome.err
    assert databases.clickhouse("SELECT count() FROM thing") == [["0"]]


@pytest.mark.services
def test_the_server_s_refusal_is_one_line_without_a_secret(revise, databases, monkeypatch):
    monkeypatch.setenv("ANALYTICS_CLICKHOUSE_ROLE_PASSWORD", "very-hush")
    text = "CREATE NAMED COLLECTION thing AS p = '${clickhouse_role_password}' oops"

    outcome = revise("clickhouse", UP, objects__thing_v01_sql=text)("upgrade", "head")

    assert outcome.code != 0
    assert "refused a statement: Code: 62" in outcome.err
    assert "very-hush" not in outcome.err + outcome.out


@pytest.fixture
def second(databases):
    """Another database of the same server."""
    databases.clickhouse(f"CREATE DATABASE {databases.name}_2 ENGINE = Atomic")
    yield f"url={databases.clickhouse_url}_2"
    databases.clickhouse(f"DROP DATABASE {databases.name}_2")


@pytest.mark.services
def test_a_function_is_replaced_by_its_next_version_and_its_former(revise, databases):
    name = f"{databases.name}_thing"
    run = revise(
        "clickhouse",
        'op.create_object("thing", version=2)',
        'op.create_object("thing", version=1)',
        objects__thing_v01_sql=f"-- CREATE\nCREATE FUNCTION {name} AS x -> x + 1",
        objects__thing_v02_sql=f"-- CREATE\nCREATE FUNCTION {name} AS x -> x + 2",
    )
    databases.clickhouse(f"CREATE FUNCTION {name} AS x -> x + 1")

    for direction, expected in (("upgrade", "12"), ("downgrade", "11")):
        outcome = run(direction, "head" if direction == "upgrade" else "base")
        assert outcome.code == 0, outcome.err
        assert databases.clickhouse(f"SELECT {name}(10)") == [[expected]]
    databases.clickhouse(f"DROP FUNCTION {name}")


@pytest.mark.services
def test_a_function_of_another_user_is_refused_and_kept(revise, databases):
    name = f"{databases.name}_thing"
    databases.clickhouse(f"CREATE FUNCTION {name} AS x -> x * 7")
    run = revise("clickhouse", UP, DOWN, objects__thing_v01_sql=KINDS["function"])

    outcome = run("upgrade", "head")

    assert f"function {name} is there already, but not as" in outcome.err
    assert databases.clickhouse(f"SELECT {name}(6)") == [["42"]]
    databases.clickhouse(f"DROP FUNCTION {name}")


@pytest.mark.services
def test_a_function_stays_while_another_database_may_need_it(revise, databases, second):
    text = f"CREATE FUNCTION {databases.name}_thing AS x -> x + 1"
    run = revise("clickhouse", UP, DOWN, objects__thing_v01_sql=text)
    assert run("upgrade", "head").code == 0
    assert run("-x", second, "upgrade", "head").code == 0

    assert run("downgrade", "base").code == 0
    assert exists(databases, "function")

    assert run("-x", second, "downgrade", "base").code == 0
    assert not exists(databases, "function")
