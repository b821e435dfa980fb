"""Records outlive everything; what cannot be read counts as no record."""

import pytest

from analytics.local import records
from analytics.local.layout import Layout
from analytics.local.records import Record

RECORD = Record(pid=7, created=1.5, ports=(1, 2), fingerprint="f", log_start=3)


def test_a_record_is_read_as_it_was_written(layout: Layout) -> None:
    records.write(layout, "kafka", RECORD)

    assert records.read(layout, "kafka") == RECORD


def test_ports_are_remembered_beyond_the_record(layout: Layout) -> None:
    records.write(layout, "kafka", RECORD)

    records.remove(layout, "kafka")

    assert records.read(layout, "kafka") is None
    assert records.remembered(layout, "kafka") == (1, 2)


def test_each_service_remembers_its_own_ports(layout: Layout) -> None:
    records.remember(layout, "kafka", (1, 2))
    records.remember(layout, "connect", (3,))

    assert records.remembered(layout, "kafka") == (1, 2)
    assert records.remembered(layout, "clickhouse") == ()


@pytest.mark.parametrize("content", ["", "{}", '{"pid": 1, "ports": [1], "unknown": 2}'])
def test_a_stale_record_counts_as_none(layout: Layout, content: str) -> None:
    layout.record("kafka").write_text(content)

    assert records.read(layout, "kafka") is None
