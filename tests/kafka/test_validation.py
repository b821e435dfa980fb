"""The worker's validation of a definition."""

import json

import pytest

from analytics.errors import Refused
from analytics.kafka import validation
from analytics.kafka.connect import Connect
from tests.kafka.test_rules import CONFIG
from tests.kafka.worker import answering

CLASS = (200, b'[{"class": "C"}]')


def test_the_worker_finds_errors_and_keys_that_nobody_reads():
    values = [{"value": {"name": name, "errors": []}} for name in CONFIG if name != "topic.prefix"]
    values[1]["value"]["errors"] = ["there is no\n such class"]
    answer = (200, json.dumps({"configs": values}).encode())

    with answering((CLASS, answer)) as worker, pytest.raises(Refused) as said:
        validation.validate(Connect(worker.url), CONFIG)

    assert "connector.class: there is no such class; nothing reads topic.prefix" in str(said.value)


def test_a_class_that_the_worker_lacks_is_named_at_once():
    plugins = (200, b'[{"class": "io.debezium.connector.postgresql.PostgresConnector"}]')

    with answering((plugins,)) as worker, pytest.raises(Refused, match="no class C") as said:
        validation.validate(Connect(worker.url), CONFIG)

    assert "write one of io.debezium" in said.value.remedy


@pytest.mark.parametrize(
    ("error", "remedy"),
    [
        ("ERROR: canceling statement due to statement timeout", "raise it for this role"),
        ('FATAL: permission denied for database "d"', "GRANT what is named"),
        ("FATAL: pg_hba.conf rejects connection for host", "add a line for both to pg_hba.conf"),
        ("The connection attempt failed: UnknownHostException", "correct the host"),
        ("who knows", "correct the definition, or what it names"),
    ],
)
def test_the_remedy_is_that_of_the_error(error, remedy):
    values = [{"value": {"name": name, "errors": []}} for name in CONFIG]
    values[0]["value"]["errors"] = [error]
    answer = (200, json.dumps({"configs": values}).encode())

    with answering((CLASS, answer)) as worker, pytest.raises(Refused) as said:
        validation.validate(Connect(worker.url), CONFIG)

    assert said.value.remedy.startswith(remedy)
