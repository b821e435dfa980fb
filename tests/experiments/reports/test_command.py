"""The command `analytics report`: its rows and its output."""

import csv
import io
import json

import pytest

from analytics.experiments.reports.catalog import REPORTS

DAY = {"experiment_id": "checkout", "variant_id": "A", "day": "2026-01-05"}
USER = {"experiment_id": "checkout", "variant_id": "A", "assigned_at": "2026-01-05 00:00:01.000002"}


def journeys(count):
    return [USER | {"user_id": f"u{n:03d}"} for n in range(count)]


@pytest.mark.parametrize("name", REPORTS)
def test_every_report_of_an_experiment_without_rows_says_so(name, database, run):
    done = run(name, "checkout")

    assert (done.exit_code, done.stderr) == (0, "")
    assert done.stdout.splitlines()[0].startswith("checkout: ")
    assert done.stdout.splitlines()[-1] == "no rows"


@pytest.mark.parametrize("name", REPORTS)
def test_every_report_is_named_in_the_help(name, run):
    assert f"\n  {name} " in run("--help").stdout


def test_json_has_every_column_of_the_view_and_nothing_is_rounded(database, run):
    money = {"revenue": "12345678901234567890.1234", "cumulative_revenue": "0.5"}
    database.insert("revenue_daily", DAY | money | {"conversions": 2})

    done = run("revenue", "checkout", "--json")

    numbers = '"conversions": 2, "converting_users": 0, "revenue": 12345678901234567890.1234'
    assert done.stdout == (
        '[\n{"experiment_id": "checkout", "variant_id": "A", "day": "2026-01-05", '
        f'{numbers}, "cumulative_revenue": 0.5000}}\n]\n'
    )
    assert done.stderr == ""


def test_json_of_times_and_of_what_cannot_be_computed(database, run):
    database.insert("user_journey_analysis", *journeys(1))

    [row] = json.loads(run("journey", "checkout", "--json").stdout)

    assert row["assigned_at"] == "2026-01-05T00:00:01.000002Z"
    assert row["first_exposure_at"] is None
    assert row["total_session_s"] == 0.0


def test_json_of_nan_is_null(database, run):
    database.sql(
        "INSERT INTO experiment_performance (experiment_id, p_value, z_score) "
        "VALUES ('checkout', nan, inf)"
    )

    [row] = json.loads(run("performance", "checkout", "--json").stdout)

    assert (row["p_value"], row["z_score"]) == (None, None)


def test_csv_quotes_what_must_be_quoted_and_leaves_null_empty(database, run):
    user = USER | {"user_id": 'a "b", c\nd'}
    database.insert("user_journey_analysis", user)

    out = run("journey", "checkout", "--csv").stdout_bytes.decode()

    assert '\r\ncheckout,"a ""b"", c\nd",A,2026-01-05T00:00:01.000002Z,,,' in out
    [row] = csv.DictReader(io.StringIO(out, newline=""))
    assert (row["user_id"], row["engagement_rate"]) == (user["user_id"], "")


@pytest.mark.parametrize("form", ["--json", "--csv"])
def test_machines_get_all_rows(form, database, run):
    database.insert("user_journey_analysis", *journeys(60))

    assert run("journey", "checkout", form).stdout.count("u0") == 60


def test_people_get_fifty_rows_and_the_number_of_all(database, run):
    database.insert("user_journey_analysis", *journeys(60))

    shown = run("journey", "checkout").stdout

    assert shown.count("u0") == 50
    assert "the first 50 of 60; --limit 0 shows all" in shown
    assert run("journey", "checkout", "--limit", "0").stdout.count("u0") == 60


def test_only_rows_of_the_experiment_are_read_whatever_it_is_called(database, run):
    name = "it's :odd % \\ --"
    database.insert("revenue_daily", DAY, DAY | {"experiment_id": name, "conversions": 7})
    database.insert("experiments_dict", {"experiment_id": name})

    [row] = json.loads(run("revenue", name, "--json").stdout)

    assert (row["experiment_id"], row["conversions"]) == (name, 7)


@pytest.mark.parametrize("table", ["events_processed", "assignments_processed"])
def test_an_experiment_of_which_only_rows_are_known_is_reported(table, database, run):
    database.insert(table, {"experiment_id": "stray"})

    assert run("funnel", "stray", "--json").stdout == "[]\n"
