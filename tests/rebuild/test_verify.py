"""The verification of a chain that no Kafka table feeds, and what stops a rebuild late."""

import pytest

from analytics.errors import RebuildStopped, Refused
from analytics.rebuild import backfill, names, record, verify
from analytics.rebuild import outline as outlines
from analytics.rebuild.fill import Limits
from analytics.rebuild.outline import Goal
from analytics.rebuild.record import State
from analytics.rebuild.sample import Sample
from tests.rebuild.chain import DEFINITIONS, GOALS, SELECT_HOURLY
from tests.rebuild.rows import COMPUTED, DAILY, EVERYTHING, HOURLY, insert

pytestmark = pytest.mark.slow


def test_a_wrong_result_stops_it_and_the_current_chain_serves(batch, monkeypatch):
    insert(batch, 3000)
    before, there = batch.ask(HOURLY), batch.objects()
    run = backfill.run

    def spoil(server, *arguments):
        run(server, *arguments)
        server.send(
            f"ALTER TABLE {server.name(names.chunk('hourly', 1))} UPDATE total = total + 1 "
            "WHERE kind = 3 SETTINGS mutations_sync = 1"
        )

    monkeypatch.setattr(backfill, "run", spoil)

    with pytest.raises(RebuildStopped, match=r"hourly: 3, 2026-01-0.* \(total\)"):
        batch.rebuild(GOALS["hourly"])

    assert batch.ask(HOURLY) == before
    assert batch.objects() == there
    assert record.all_of(batch.server())[-1].lines[-1].state is State.REFUSED


def test_a_change_from_outside_stops_it_before_the_swap(batch, monkeypatch):
    insert(batch, 1000)
    verified = verify.shadows

    def meddle(server, *arguments, **options):
        server.send("ALTER TABLE daily ADD COLUMN mine UInt8")
        return verified(server, *arguments, **options)

    monkeypatch.setattr(verify, "shadows", meddle)

    with pytest.raises(Refused, match="daily was changed by another process or user"):
        batch.rebuild(GOALS["hourly"])

    assert batch.ask(HOURLY) == batch.ask(EVERYTHING)
    monkeypatch.undo()
    batch.rebuild(GOALS["hourly"])
    assert batch.ask(HOURLY) == batch.ask(DAILY) == batch.ask(COMPUTED)


def test_the_current_chain_is_verified_and_a_difference_is_named(batch):
    insert(batch, 1000)
    there = batch.objects()
    server = batch.server()

    def look():
        outline = outlines.make(server, Goal("hourly_mv", {}, anew=True), batch.read)
        return verify.serving(server, outline, sample=Sample(), limits=Limits(), timeout=15)

    assert look().differences == []
    batch.ask("INSERT INTO daily (kind, day, messages) VALUES (3, '2026-01-01', 1)")
    assert look().differences == ["daily: 3, 2026-01-01 (messages)"]
    assert batch.objects() == there


@pytest.mark.parametrize("percent", [0, 30])
def test_a_sample_of_the_keys_is_verified_whatever_their_types(percent, batch, monkeypatch):
    wider = SELECT_HOURLY.replace("{more}", "").replace("{where}", "true")
    wider = wider.replace("    kind,\n", "    toUInt64(kind) AS kind,\n", 1)
    view = f"CREATE MATERIALIZED VIEW hourly_mv TO hourly AS {wider}"
    monkeypatch.setitem(DEFINITIONS, "hourly_mv", [view, *DEFINITIONS["hourly_mv"][1:]])
    batch.ask("DROP VIEW hourly_mv")
    batch.create("hourly_mv")
    insert(batch, 5000)

    batch.rebuild(Goal("hourly_mv", {}, anew=True), sample=Sample(percent))

    assert batch.ask(HOURLY) == batch.ask(DAILY) == batch.ask(EVERYTHING)
    said = [line for line in batch.said if "a sample of 30 % by kind" in line]
    assert len(said) == (2 if percent else 0)
