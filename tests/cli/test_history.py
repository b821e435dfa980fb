"""`analytics history`: both histories in one order, without a server."""

import json

from analytics.errors import HistoryError, RequirementCycle

FIRST = '"""Make tables."""\n\nrevision = "0001"\ndown_revision = None\n'
SECOND = '"""Change them."""\n\nrevision = "0002"\ndown_revision = "0001"\n'


def test_it_shows_our_own_histories(run):
    shown = run("history").stdout.splitlines()

    assert shown[0] == "postgres    0001  Hold experiments, their variants and the users."
    assert shown[-1].startswith("clickhouse  ")


def test_it_shows_the_order_that_requirements_make(run, project_of):
    needy = SECOND + 'requires = ("clickhouse@0001",)\nirreversible = "rows are gone"\n'
    project_of(migrations={"a": FIRST, "b": needy}, migrations_ch={"a": FIRST})

    assert run("history").stdout.splitlines() == [
        "postgres    0001  Make tables.",
        "clickhouse  0001  Make tables.",
        "postgres    0002  Change them. (requires clickhouse@0001) (irreversible: rows are gone)",
    ]


def test_json_has_all_that_a_revision_says(run, project_of):
    needy = FIRST + 'requires = ("postgres@0001",)\n'
    project_of(migrations={"a": FIRST}, migrations_ch={"a": needy})

    assert json.loads(run("history", "--json").stdout)[1] == {
        "history": "clickhouse",
        "revision": "0001",
        "down": [],
        "title": "Make tables.",
        "requires": ["postgres@0001"],
        "irreversible": None,
    }


def test_revisions_that_wait_for_each_other_are_named(run, project_of):
    project_of(
        migrations={"a": FIRST + 'requires = "clickhouse@0001"\n'},
        migrations_ch={"a": FIRST + 'requires = "postgres@0001"\n'},
    )

    assert isinstance(run("history").exception, RequirementCycle)


def test_a_folder_without_histories_is_named(run, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    error = run("history").exception
    assert isinstance(error, HistoryError)
    assert "alembic.ini: change to the project's folder" in str(error)


def test_an_ini_file_without_a_history_is_named(run, project_of, tmp_path):
    project_of()
    (tmp_path / "alembic.ini").write_text("[alembic]\n")

    assert "give [alembic], for PostgreSQL, or [clickhouse] its script_location" in str(
        run("history").exception
    )
