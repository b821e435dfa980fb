"""op.create_object and op.drop_object without a server: their scripts, and what they refuse."""

from tests.operations.test_object import DOWN, KINDS, UP


def test_a_missing_definition_is_named(revise, nowhere):
    run = revise("clickhouse", 'op.create_object("thing", version=2)', objects__thing_v01_sql="x")

    assert "no definition thing_v02.sql" in run("upgrade", "head", "--sql").err


def test_an_argument_that_is_wrong_is_named(revise, nowhere):
    run = revise("clickhouse", 'op.create_object("thing", verion=2)')

    assert "op.create_object(): got an unexpected keyword argument 'verion'" in (
        run("upgrade", "head", "--sql").err
    )


def test_the_script_holds_whole_statements_and_no_secret(revise, nowhere):
    text = "CREATE NAMED COLLECTION ${postgres_collection} AS p = '${clickhouse_role_password}'"
    run = revise("clickhouse", UP, DOWN, objects__thing_v01_sql=text)

    up, down = run("upgrade", "head", "--sql"), run("downgrade", "0001:base", "--sql")

    assert (
        "CREATE NAMED COLLECTION shop_analytics_postgres AS p = '${clickhouse_role_password}';\n"
        in up.out
    )
    assert "DROP NAMED COLLECTION IF EXISTS shop_analytics_postgres;\n" in down.out
    assert "hush" not in up.out


def test_the_script_says_how_offsets_are_forgotten(revise, nowhere):
    down = 'op.drop_object("thing", forget_offsets=True)'
    run = revise("clickhouse", UP, down, objects__thing_v01_sql=KINDS["kafka"])

    script = run("downgrade", "0001:base", "--sql").out

    assert "-- kafka-consumer-groups.sh --delete --group clickhouse_shop_analytics" in script


def test_the_group_that_is_forgotten_is_the_one_that_the_definition_names(revise, nowhere):
    text = "CREATE TABLE thing (m String) ENGINE = Kafka('b:1', 't', 'their_own', 'RawBLOB')"
    down = 'op.drop_object("thing", forget_offsets=True)'
    run = revise("clickhouse", UP, down, objects__thing_v01_sql=text)

    script = run("downgrade", "0001:base", "--sql").out

    assert "-- kafka-consumer-groups.sh --delete --group their_own" in script


def test_a_kafka_table_whose_definition_names_no_group_is_refused(revise, nowhere):
    down = 'op.drop_object("thing", forget_offsets=True)'
    text = "CREATE TABLE thing (m String) ENGINE = Kafka(somewhere)"
    run = revise("clickhouse", UP, down, objects__thing_v01_sql=text)

    assert "names no consumer group" in run("downgrade", "0001:base", "--sql").err


def test_only_a_kafka_table_has_offsets_to_forget(revise, nowhere):
    down = 'op.drop_object("thing", forget_offsets=True)'
    run = revise("clickhouse", UP, down, objects__thing_v01_sql=KINDS["table"])

    assert "thing is no Kafka table" in run("downgrade", "0001:base", "--sql").err
