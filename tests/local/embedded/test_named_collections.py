"""Named collections on a running server."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.local.embedded.serving import Serving

pytestmark = pytest.mark.services

CREATE = (
    "CREATE NAMED COLLECTION pg AS host = '127.0.0.1', port = 1, user = 'u', "
    "password = 'geheim' NOT OVERRIDABLE, database = 'd'"
)
DICTIONARY = (
    "CREATE DICTIONARY dict (a UInt64, b String) PRIMARY KEY a "
    "SOURCE(POSTGRESQL(NAME pg TABLE 't' SCHEMA 's')) LAYOUT(FLAT()) LIFETIME(0)"
)


@pytest.fixture
def collection(server: Serving) -> Iterator[str]:
    server.sql(CREATE)
    yield "pg"
    server.sql("DROP NAMED COLLECTION IF EXISTS pg")


def test_the_system_table_hides_values(server: Serving, collection: str) -> None:
    rows = server.sql("SELECT name, collection FROM system.named_collections")

    assert rows == (
        "pg\t{'host':'[HIDDEN]','port':'[HIDDEN]','user':'[HIDDEN]',"
        "'password':'[HIDDEN]','database':'[HIDDEN]'}\n"
    )


def test_existing_and_missing_ones(server: Serving, collection: str) -> None:
    assert server.refused(CREATE)[0] == 670
    assert server.sql(CREATE.replace("COLLECTION", "COLLECTION IF NOT EXISTS")) == ""
    assert server.refused("DROP NAMED COLLECTION other")[0] == 669
    assert server.refused("SELECT * FROM postgresql(other, table = 't')")[0] == 669
    assert server.refused("CREATE TABLE k (a String) ENGINE = Kafka(other)")[0] == 669


def test_alter_and_drop(server: Serving, collection: str) -> None:
    server.sql("ALTER NAMED COLLECTION pg SET extra = 'x' DELETE database, port")

    keys = "SELECT mapKeys(collection) FROM system.named_collections"
    assert server.sql(keys) == "['host','user','password','extra']\n"
    server.sql("DROP NAMED COLLECTION pg")
    assert server.sql(keys) == ""


@pytest.mark.parametrize(
    ("statement", "name"),
    [
        ("CREATE TABLE made (a Int32) ENGINE = PostgreSQL(pg, table = 't')", "made"),
        (DICTIONARY, "dict"),
    ],
)
def test_nothing_made_from_one_shows_a_secret(
    server: Serving, collection: str, statement: str, name: str
) -> None:
    server.sql(statement, query_id=f"make {name}")

    shown = server.sql(f"SHOW CREATE {name}")
    shown += server.sql(f"SELECT * FROM system.tables WHERE name = '{name}' FORMAT Vertical")
    shown += server.sql("SELECT * FROM system.dictionaries FORMAT Vertical")
    server.sql(f"DROP TABLE {name}" if name == "made" else f"DROP DICTIONARY {name}")

    assert "[HIDDEN]" in shown
    assert "geheim" not in shown


def test_the_engines_error_shows_no_secret(server: Serving, collection: str) -> None:
    statements = [
        "SELECT * FROM postgresql(pg, table = 't')",
        "SELECT nothing FROM postgresql(pg, table = 't') WHER",
        "CREATE TABLE made (a Int32) ENGINE = PostgreSQL(pg, table = 't') NONSENSE",
        DICTIONARY + " NONSENSE",
    ]

    assert not any("geheim" in server.refused(statement)[1] for statement in statements)


def test_a_kafka_table_takes_its_settings(server: Serving) -> None:
    server.sql(
        "CREATE NAMED COLLECTION kf AS kafka_broker_list = '127.0.0.1:1', "
        "kafka_sasl_password = 'geheim'"
    )

    server.sql(
        "CREATE TABLE queue (a String) ENGINE = Kafka(kf) SETTINGS kafka_topic_list = 't', "
        "kafka_group_name = 'g', kafka_format = 'JSONEachRow'"
    )
    shown = server.sql("SHOW CREATE TABLE queue FORMAT TSVRaw")
    server.sql("DROP TABLE queue")
    server.sql("DROP NAMED COLLECTION kf")

    assert "kafka_broker_list = '127.0.0.1:1'" in shown
    assert "kafka_topic_list = 't'" in shown
    assert "geheim" not in shown


def test_the_query_log_and_our_files_keep_the_secret(server: Serving, collection: str) -> None:
    server.refused("SELECT * FROM postgresql(pg, table = 't')")

    log = server.sql("SELECT * FROM system.query_log FORMAT JSONEachRow")

    assert "named_collections" in str([file.name for file in (server.folder / "server").iterdir()])
    assert "geheim" not in log
    assert "127.0.0.1:1'" not in log


def test_a_table_over_a_collection_reads(server: Serving) -> None:
    url = f"{server.url}?query=SELECT%201"
    server.sql(f"CREATE NAMED COLLECTION self AS url = '{url}', format = 'TSV'")

    rows = server.sql("SELECT * FROM url(self, structure = 'a Int32')")
    server.sql("DROP NAMED COLLECTION self")

    assert rows == "1\n"
