"""The known errors: each is found by its text, provoked or recorded."""

import re

import pytest

from analytics import diagnosis
from tests.diagnosis.recorded import RECORDED
from tests.diagnosis.test_clickhouse import CLICKHOUSE
from tests.diagnosis.test_connect import DEAD, INVALID
from tests.diagnosis.test_kafka import KAFKA
from tests.diagnosis.test_postgres import CONNECTING, STATEMENTS

PROVOKED = {*CONNECTING, *STATEMENTS, *INVALID, *DEAD, *KAFKA, *CLICKHOUSE}
KNOWN = [each for table in diagnosis.TABLES.values() for each in table]


@pytest.mark.parametrize("meaning", RECORDED)
def test_a_recorded_error_is_known(meaning):
    found = diagnosis.known(RECORDED[meaning])

    assert found is not None
    assert found.meaning == meaning


def test_every_known_error_is_provoked_or_recorded():
    meanings = {each.meaning for each in KNOWN}

    assert len(meanings) == len(KNOWN) >= 40
    assert meanings - PROVOKED - RECORDED.keys() == set()
    assert PROVOKED - meanings == set()


def test_a_pattern_compiles_and_no_text_of_ours_is_taken_for_an_error():
    healthy = "connector shop runs, reads its slot and moves on"

    assert all(re.compile(each.pattern) for each in KNOWN)
    assert diagnosis.known(healthy) is None
    assert diagnosis.known("") is None


def test_the_innermost_cause_counts():
    trace = (
        "org.apache.kafka.connect.errors.ConnectException: An exception occurred\n"
        "Caused by: org.apache.kafka.common.config.ConfigException: Invalid value x\n"
        'Caused by: org.postgresql.util.PSQLException: FATAL: database "shop" does not exist'
    )

    assert diagnosis.known(trace).meaning == "there is no such database in PostgreSQL"
