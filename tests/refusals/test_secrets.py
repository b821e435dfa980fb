"""Secrets planted in every setting: no output and no line of a journal shows one."""

from __future__ import annotations

import base64
import json
import os
import traceback
from urllib.parse import quote

import pytest
from alembic.util import CommandError

from tests.kafka.worker import answering
from tests.refusals.walk import walks

pytestmark = [pytest.mark.services, pytest.mark.slow]

PLANTED = {
    each: f"pl@nted'{each}/word"
    for each in ("POSTGRES", "CONNECT", "KAFKA", "DEBEZIUM_ROLE", "CLICKHOUSE_ROLE")
}
TABLE = ('op.execute("CREATE TABLE IF NOT EXISTS t (n int)")', 'op.execute("DROP TABLE t")')
CONNECTOR = {
    "name": "${connector}",
    "connector.class": "C",
    "slot.name": "${slot}",
    "publication.name": "${publication}",
    "topic.prefix": "${namespace}",
}
READS = ("status", "history", "journal", "releases", "plan", "plan --json", "connectors")


def spellings(secret):
    """What of a secret must be nowhere."""
    written = {secret, quote(secret), quote(secret, safe=""), secret.replace("'", "''")}
    if secret == PLANTED["CONNECT"]:
        written.add(base64.b64encode(f"op:{secret}".encode()).decode())  # the header of a request
    return written


def shown(text):
    """The secrets that a text shows."""
    return [name for name, each in PLANTED.items() if any(s in text for s in spellings(each))]


@pytest.fixture
def planted(stores, databases, monkeypatch):
    """A project whose settings all hold a secret of their own."""
    monkeypatch.setenv("ANALYTICS_CONNECT_USERNAME", "op")
    for name, secret in PLANTED.items():
        if name != "POSTGRES":
            monkeypatch.setenv(f"ANALYTICS_{name}_PASSWORD", secret)
    user = f"{databases.name}_planted"
    with databases.postgres() as admin:
        literal = PLANTED["POSTGRES"].replace("'", "''")
        admin.execute(f"CREATE ROLE {user} SUPERUSER LOGIN PASSWORD '{literal}'")
        whole = databases.postgres_url.partition("@")[2]
        url = f"postgresql://{user}:{quote(PLANTED['POSTGRES'], safe='')}@{whole}"
        monkeypatch.setenv("ANALYTICS_POSTGRES_URL", url)
        yield stores
        monkeypatch.setenv("ANALYTICS_POSTGRES_URL", databases.postgres_url)
        stores.passes("analytics downgrade base --allow-data-loss")
        admin.execute(f"REASSIGN OWNED BY {user} TO postgres")
        admin.execute(f"DROP ROLE {user}")


def journals(databases):
    """All that the journals of both stores hold."""
    query = "SELECT * FROM analytics_journal"
    with databases.postgres() as connection:
        return f"{connection.execute(query).fetchall()}{databases.clickhouse(query)}"


def said(site, command):
    """What a command prints; with --raiseerr, the traceback with its whole chain."""
    try:
        return site.run(command).text
    except CommandError as error:
        return "".join(traceback.format_exception(error))


def hears_nothing(site, databases, *commands):
    """The commands, and those that only read, show no secret; the text of the former."""
    texts = [said(site, each) for each in commands]
    for text in (*texts, *(site.run(f"analytics {each}").text for each in READS)):
        assert shown(text) == [], text
    assert shown(journals(databases)) == []
    return " ".join(texts)


MOVES = (
    "analytics upgrade",
    "alembic --raiseerr upgrade head",
    "alembic -n clickhouse upgrade head",
)


@walks()
@pytest.mark.parametrize("store", ["postgres", "clickhouse"])
def test_a_server_quotes_what_it_was_sent(store, planted, databases):
    wrong = "SELECT '${clickhouse_role_password}', '${kafka_password}', nothing FROM nowhere"
    planted.revise("postgres", "0001", *TABLE)
    planted.revise(store, "0002", f'op.run_sql("{wrong}", once=True)')

    text = hears_nothing(planted, databases, *MOVES, "analytics upgrade --json")

    assert "nowhere" in text and "nowhere" in journals(databases)


@walks()
def test_a_worker_quotes_what_it_was_sent(planted, databases, monkeypatch):
    planted.write("migrations/connectors/shop_v01.json", json.dumps(CONNECTOR))
    planted.revise("postgres", "0001", *TABLE)
    planted.revise("postgres", "0002", 'op.register_connector("shop", version=1)')
    quoted = json.dumps([sorted(spellings(each)) for each in PLANTED.values()])
    message = json.dumps({"message": f"who are you? {quoted}"}).encode()

    for answer in ((401, message), (400, quoted.encode()), (200, quoted.encode() + b"<")):
        with answering((answer,)) as worker:
            user = f"op:{quote(PLANTED['CONNECT'], safe='')}@"
            monkeypatch.setenv("ANALYTICS_CONNECT_URL", worker.url.replace("//", f"//{user}"))
            text = hears_nothing(planted, databases, *MOVES, "analytics connectors --json")
        assert "Kafka Connect" in text and "Kafka Connect" in journals(databases)

    planted.revise("postgres", "0002", "pass")


@walks()
def test_addresses_that_hold_a_user_are_not_shown(planted, databases, monkeypatch):
    planted.revise("postgres", "0001", 'op.create_topic("${topic}")', 'op.drop_topic("${topic}")')
    planted.define(
        "queue",
        "CREATE TABLE queue (m String) ENGINE = Kafka SETTINGS "
        "kafka_broker_list = '${kafka_brokers}', kafka_topic_list = 't', "
        "kafka_group_name = 'g', kafka_format = 'RawBLOB'",
    )
    planted.revise(
        "clickhouse", "0001", 'op.create_object("queue", version=1)', 'op.drop_object("queue")'
    )
    for name in ("BOOTSTRAP_SERVERS", "INTERNAL_BOOTSTRAP_SERVERS"):
        right = os.environ["ANALYTICS_KAFKA_BOOTSTRAP_SERVERS"]
        monkeypatch.setenv(f"ANALYTICS_KAFKA_{name}", f"op:{PLANTED['KAFKA']}@{right}")

        scripts = (*MOVES, "alembic upgrade head --sql", "alembic -n clickhouse upgrade head --sql")
        text = hears_nothing(planted, databases, *scripts, "analytics plan --sql")

        assert "holds a user or a scheme" in text
        monkeypatch.setenv("ANALYTICS_KAFKA_BOOTSTRAP_SERVERS", right)
    monkeypatch.delenv("ANALYTICS_KAFKA_INTERNAL_BOOTSTRAP_SERVERS")


@walks()
@pytest.mark.parametrize(
    "value", [PLANTED["DEBEZIUM_ROLE"], "${debezium_role_password}", "a ${kafka_password} hush"]
)
def test_a_definition_with_a_secret_is_shown_nowhere(value, planted, databases):
    config = json.dumps(CONNECTOR | {"database.password": value, "database.user": "shop"})
    planted.write("migrations/connectors/shop_v01.json", config)
    planted.revise("postgres", "0001", 'op.register_connector("shop", version=1)')

    script = planted.run("alembic upgrade head --sql")
    text = hears_nothing(planted, databases, *MOVES, "analytics plan --sql")

    for each in (script.text, text):
        assert "database.password holds" in each and "let the worker fill it in" in each
        assert shown(each) == [] and "hush" not in each
    planted.revise("postgres", "0001", "pass")
