"""The tables for people, their notes, and heat maps, without a server."""

import io
from datetime import datetime

import pytest
from rich.console import Console

from analytics.experiments.reports import human
from analytics.experiments.reports.catalog import FUNNEL, HEATMAP, JOURNEY, PERFORMANCE, REPORTS
from analytics.experiments.reports.reading import Rows
from tests.experiments.reports import documented


def shown(report, *records, width=80, limit=50):
    """A report of these records, as lines; columns that they lack are NULL."""
    columns = tuple(documented.columns()[report.view])
    values = [tuple(map(record.get, columns)) for record in records]
    rows = Rows(columns, iter(values[: limit * report.unit]), lambda: len(values))
    console = Console(file=io.StringIO(), width=width, highlight=False)
    for part in human.parts(report, rows, limit=limit, width=width):
        console.print(part, soft_wrap=isinstance(part, str))
    return [line.rstrip() for line in console.file.getvalue().splitlines()]


def variant(name, **values):
    return {"variant_id": name, "variant_name": name.lower(), "users": 10} | values


def hours(page, variant_id, events):
    """One map's rows: `events` has the counts of some (weekday, hour)."""
    return [
        {
            "page": page,
            "variant_id": variant_id,
            "dow": d,
            "hour": h,
            "events": events.get((d, h), 0),
        }
        for d in range(1, 8)
        for h in range(24)
    ]


def test_variants_stand_beside_each_other():
    lines = shown(FUNNEL, {"variant_id": "A", "assigned": 400}, {"variant_id": "B", "assigned": 5})

    assert lines[0].split() == ["variant", "A", "B"]
    assert lines[1].startswith("assigned  ") and lines[1].endswith(" 400  5")


def test_variants_that_do_not_fit_go_into_the_next_block():
    lines = shown(PERFORMANCE, *(variant(f"variant-{n}") for n in range(8)), width=60)

    assert max(map(len, lines)) <= 60
    heads = [line.split()[1:] for line in lines if line.startswith("variant  ")]
    assert len(heads) > 1
    assert [name for head in heads for name in head] == [f"variant-{n}" for n in range(8)]


def test_columns_that_do_not_fit_are_left_out_and_named():
    user = {"user_id": "u" * 36, "variant_id": "A", "assigned_at": datetime(2026, 1, 5)}

    narrow, wide = shown(JOURNEY, user), shown(JOURNEY, user, width=200)

    assert max(map(len, narrow[:-1])) <= 80
    assert narrow[-1].startswith("too wide: ") and "avg session s" in narrow[-1]
    assert not any("too wide" in line for line in wide)


def test_what_looks_like_markup_is_shown_as_it_is():
    lines = shown(JOURNEY, {"user_id": "[red]x[/red]", "variant_id": "[b]"}, width=200)

    assert any("[red]x[/red]" in line and "[b]" in line for line in lines)


def test_a_sample_ratio_mismatch_is_named_once_below():
    alert = {"srm_alert": 1, "srm_p_value": 1e-9}

    lines = shown(PERFORMANCE, variant("A", **alert), variant("B", **alert))

    notes = [line for line in lines if "Do not trust" in line]
    assert notes == [
        "Do not trust these numbers: users were not split as planned (sample ratio p < 0.0001)"
    ]


def test_numbers_that_can_be_trusted_carry_no_note():
    lines = shown(PERFORMANCE, variant("A", srm_alert=0, srm_p_value=0.5))

    assert not any("Do not trust" in line for line in lines)


def test_a_heat_map_has_a_shade_for_each_quarter_of_the_peak():
    events = {(1, 0): 1, (1, 1): 2, (1, 2): 3, (1, 3): 4}

    lines = shown(HEATMAP, *hours("/cart", "A", events))

    assert lines[:2] == [
        "page /cart: ·· none, ░░ 1, ▒▒ 2, ▓▓ 3, ██ 4",
        "variant A: 10 events",
    ]
    assert lines[3].startswith("Mon ░░ ▒▒ ▓▓ ██ ·· ")
    assert [line[:3] for line in lines[3:]] == ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
    assert max(map(len, lines)) <= 80


def test_the_variants_of_a_page_share_their_shades():
    rows = hours("/cart", "A", {(1, 0): 8}) + hours("/cart", "B", {(1, 0): 1})

    lines = shown(HEATMAP, *rows)

    assert [line[4:6] for line in lines if line.startswith("Mon")] == ["██", "░░"]


def test_a_page_without_events_is_all_dots():
    lines = shown(HEATMAP, *hours("/cart", "A", {}))

    assert lines[0] == "page /cart: ·· none"


def test_the_limit_counts_heat_maps():
    rows = hours("/a", "A", {(1, 0): 1}) + hours("/b", "A", {(1, 0): 1})

    lines = shown(HEATMAP, *rows, limit=1)

    assert lines[-1] == "the first 1 of 2; --limit 0 shows all"
    assert sum(line.startswith("Mon") for line in lines) == 1


@pytest.mark.parametrize("report", REPORTS.values(), ids=lambda report: report.name)
def test_what_is_shown_is_documented(report):
    assert set(report.shown) <= documented.columns()[report.view].keys()
