"""Results go to stdout, everything else to stderr; without a terminal in plain lines."""

from __future__ import annotations

from decimal import Decimal

import pytest

from analytics.experiments.demo import show
from analytics.experiments.demo.prepare import Place
from analytics.experiments.demo.thornton import CONTROL, TREATMENT, Arm
from analytics.experiments.demo.watch import Stage
from analytics.experiments.reports.catalog import REPORTS
from analytics.settings import Settings

ARMS = {
    CONTROL: Arm(623, 211, Decimal(0)),
    TREATMENT: Arm(2210, 1745, Decimal("2373.5502")),
}


def test_each_arm_stands_beside_the_published_one(capsys: pytest.CaptureFixture[str]) -> None:
    show.outcome(ARMS, [300.0], resent=0)

    _, _, none, incentive, _ = capsys.readouterr().out.splitlines()
    assert " ".join(none.split()) == "none 623 211 33.9% 0.00 211 / 623, 33.9% same"
    assert incentive.split()[:2] == ["incentive", "2,210"]
    assert incentive.split()[-1] == "different"


def test_rows_that_were_sent_again_are_mentioned(capsys: pytest.CaptureFixture[str]) -> None:
    show.outcome(ARMS, [300.0], resent=2834)

    assert "sent again, counted once" in capsys.readouterr().out


def test_a_missing_arm_is_shown_as_nobody(capsys: pytest.CaptureFixture[str]) -> None:
    show.outcome({}, [300.0], resent=0)

    assert capsys.readouterr().out.count("different") == 2


def test_latency_is_shown_as_percentiles(capsys: pytest.CaptureFixture[str]) -> None:
    show.outcome(ARMS, [float(n) for n in range(1, 301)], resent=0)

    assert "p50 150 ms, p90 270 ms, p99 297 ms (300 single" in capsys.readouterr().out


def test_without_a_terminal_the_last_look_is_always_a_line(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with show.progress() as progress:
        progress([Stage("captured", done=1, expected=1000)])
        progress([Stage("captured", done=500, expected=1000)])
        progress([Stage("captured", done=1001, expected=1000)])

    lines = capsys.readouterr().err.splitlines()
    assert [line.split(" s  ")[1] for line in lines] == [
        "captured 1/1,000",
        "captured 1,000/1,000",
    ]


def test_each_finding_is_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    show.findings(["one", "two"])

    assert capsys.readouterr().err.splitlines() == ["error: one", "error: two"]


def test_the_query_to_paste_has_the_address_and_no_password(
    capsys: pytest.CaptureFixture[str],
) -> None:
    url = "https://me:hush@ch.example:8443/numbers"

    show.next_steps(Place(Settings(clickhouse_url=url), local=False))

    shown = capsys.readouterr().err
    assert 'curl -s -u me "https://ch.example:8443/?database=numbers"' in shown
    assert "hush" not in shown


@pytest.mark.parametrize("report", show.LOOK_FURTHER)
def test_each_report_that_is_named_exists(report: str, capsys: pytest.CaptureFixture[str]) -> None:
    show.next_steps(Place(Settings(clickhouse_url="http://ch.example/a"), local=False))

    assert f"  analytics report {report} shop-checkout\n" in capsys.readouterr().err
    assert report in REPORTS
