"""One release over both stores: its plan, its way up, its way back, and what stops it."""

import json
import os
import pty
import re
import signal
import sys

import pytest
from click.testing import CliRunner

from analytics import settings
from analytics.cli import analytics
from analytics.errors import AnalyticsError, StatementFailed
from analytics.journal.entry import Direction
from analytics.postgres import lock
from analytics.release import run as release
from analytics.watch import Watch

pytestmark = pytest.mark.services

ALL = [*(f"postgres@000{n}" for n in range(1, 5)), "clickhouse@0001", "clickhouse@0002"]


@pytest.fixture
def run(project, monkeypatch):
    """A command in the project's folder: exit code and what it printed, or the error."""
    monkeypatch.chdir(project.folder)
    monkeypatch.setattr(sys, "path", [*sys.path])  # Alembic puts the project before all others

    def command(*arguments):
        result = CliRunner().invoke(analytics, arguments)
        if isinstance(result.exception, AnalyticsError):
            return result.exception.exit_code, str(result.exception)
        return result.exit_code, result.stdout

    return command


@pytest.fixture
def heads(run):
    """Where both stores are."""

    def look():
        stores = json.loads(run("status", "--json")[1])
        return tuple(" ".join(stores[name]["heads"]) for name in ("postgres", "clickhouse"))

    return look


def rewrite(project, history, revision, old, new):
    """A revision reads otherwise from now on; the way to make it read as before."""
    (file,) = (project.folder / history / "versions").glob(f"{revision}_*.py")
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new))
    return lambda: file.write_text(text)


def releases(run):
    return [(r["direction"], r["undoes"]) for r in json.loads(run("releases", "--json")[1])]


def test_upgrade_brings_both_stores_to_their_newest_revisions(run, heads):
    code, said = run("upgrade", "--json")

    assert code == 0
    assert json.loads(said)["revisions"] == ALL
    assert heads() == ("0004", "0002")
    assert run("upgrade") == (0, "nothing to do\n")
    assert releases(run) == [("upgrade", None)]


def test_a_caller_in_python_migrates_the_stores_it_names(run, heads, databases, monkeypatch):
    wanted = settings.load()
    with monkeypatch.context() as patch:
        patch.setenv("ANALYTICS_POSTGRES_URL", "postgresql://127.0.0.1:1/nowhere")
        patch.setenv("ANALYTICS_CLICKHOUSE_URL", "http://127.0.0.1:1/nowhere")
        release.run(wanted, Direction.UP, (), watch=Watch(), planned=lambda _: None)

    assert heads() == ("0004", "0002")


def test_an_error_of_a_revision_is_translated_once(run, project):
    rewrite(project, "migrations_ch", "0002", "IF NOT EXISTS page", "IF NOT EXISTS n")

    with pytest.raises(StatementFailed) as failed:
        release.run(settings.load(), Direction.UP, (), watch=Watch(), planned=lambda _: None)
    assert failed.value.__cause__ is None


def test_progress_names_revisions_and_steps_unless_it_is_to_be_quiet(run):
    said = CliRunner().invoke(analytics, ["upgrade", "clickhouse@0001"]).stderr

    assert "upgrade clickhouse@0001  A revision of a test.\n" in said
    assert '\n  1  op.create_object("visits", version=1)\n' in said
    assert CliRunner().invoke(analytics, ["upgrade", "--quiet"]).output == ""


def test_plan_says_what_would_run_and_changes_nothing(run, heads):
    run("upgrade", "postgres@0001")

    code, said = run("plan", "--json")

    planned = json.loads(said)
    assert code == 0
    assert [f"{r['history']}@{r['id']}" for r in planned["revisions"]] == ALL[1:]
    assert planned["stores"]["postgres"]["heads"] == ["0001"]
    assert planned["after"] == {"postgres": ["0004"], "clickhouse": ["0002"]}
    assert heads() == ("0001", "")


def test_a_folder_below_the_project_will_do(run, project, monkeypatch):
    (project.folder / "migrations" / "ours.py").touch()
    env = project.folder / "migrations" / "env.py"
    env.write_text("import migrations.ours\n" + env.read_text())
    monkeypatch.chdir(project.folder / "migrations_ch")
    for name in [each for each in sys.modules if each.partition(".")[0] == "migrations"]:
        monkeypatch.delitem(sys.modules, name)

    assert run("upgrade", "postgres@0001")[0] == 0


def test_plan_of_the_way_back_says_what_is_lost_and_how_much(run):
    run("upgrade")

    _, said = run("plan", "--downgrade")

    assert "LOSES DATA: drops table visits (about 1,000 rows)" in said
    assert "LOSES DATA: drops column page of visits (about 1,000 rows)" in said
    names = "--allow-data-loss clickhouse@0002 --allow-data-loss clickhouse@0001"
    assert f"it loses data: allow it by {names}" in said


@pytest.mark.parametrize("target", ["base", "clickhouse@base", "clickhouse@-2"])
def test_plan_knows_a_target_that_can_only_lead_down(run, target):
    run("upgrade")

    planned = json.loads(run("plan", "--json", target)[1])

    assert planned["direction"] == "downgrade"
    assert planned["after"]["clickhouse"] == []


def test_plan_as_a_script_holds_the_statements_of_both_stores_in_order(run):
    _, said = run("plan", "--sql")

    places = [said.index(each) for each in ("CREATE TABLE people", "CREATE TABLE visits")]
    assert places == sorted(places)
    assert "op." not in said


def test_downgrade_is_refused_when_it_loses_data(run, heads):
    run("upgrade")

    code, said = run("downgrade", "--json")

    refusal = json.loads(said)
    assert (code, refusal["error"]) == (1, "DataLoss")
    assert "clickhouse@0001, step 1: drops table visits (about 1,000 rows)" in refusal["impact"]
    assert "--allow-data-loss" in refusal["recommendation"]
    assert heads() == ("0004", "0002")


@pytest.mark.parametrize("others", [["visits"], ["clickhouse@0001"], ["pages", "visits"]])
def test_a_loss_is_allowed_by_the_name_of_its_revision_or_of_its_table(others, run, heads):
    run("upgrade")

    code, said = run("downgrade", "clickhouse@base", "--allow-data-loss", "clickhouse@0002")
    assert (code, heads()) == (1, ("0004", "0002"))
    assert "clickhouse@0001, step 1" in said
    assert "clickhouse@0002, step" not in said

    names = ["clickhouse@0002", *others]
    allowing = [word for name in names for word in ("--allow-data-loss", name)]
    assert run("downgrade", "clickhouse@base", *allowing, "-q")[0] == 0
    assert heads() == ("0004", "")


def test_without_a_name_all_that_is_lost_is_listed(run, heads):
    run("upgrade")

    done = CliRunner().invoke(analytics, ["downgrade", "base", "--allow-data-loss"])

    assert (done.exit_code, heads()) == (0, ("", ""))
    lost = "loses data: clickhouse@0001, step 1: drops table visits (about 1,000 rows)"
    assert lost in done.stderr


@pytest.mark.parametrize(("answer", "code"), [(b"y\n", 0), (b"n\n", 1)])
def test_without_a_name_a_person_at_a_terminal_is_asked(answer, code, run, heads, project):
    run("upgrade")
    keyboard, terminal = pty.openpty()
    os.write(keyboard, answer)

    command = ("downgrade", "clickhouse@base", "--allow-data-loss")
    process = project.start_release(*command, stdin=terminal)
    _, said = process.communicate(timeout=60)

    os.close(keyboard)
    os.close(terminal)
    assert "drops table visits" in said
    assert "Lose it? [y/N]" in said
    assert process.returncode == code, said
    assert heads() == ("0004", "" if code == 0 else "0002")


def test_a_revision_allows_the_loss_of_what_it_names(run, project, heads):
    run("upgrade")
    drop = 'op.drop_object("visits")'
    allowed = f'op.allow_loss("visits", "counted elsewhere"); {drop}'
    restore = rewrite(project, "migrations_ch", "0001", drop, allowed)

    _, said = run("plan", "clickhouse@base")
    assert "allowed by its author: counted elsewhere" in said
    assert "--allow-data-loss clickhouse@0001" not in said
    assert run("downgrade", "clickhouse@base", "--allow-data-loss", "clickhouse@0002")[0] == 0
    assert heads() == ("0004", "")
    restore()


def test_a_type_is_asked_for_unless_the_plan_changes_it_before(run, project, databases):
    run("upgrade", "clickhouse@0001")
    databases.clickhouse("ALTER TABLE visits ADD COLUMN x UInt8")
    old = 'op.create_object("pages", version=1)'
    types = "".join(
        f'op.execute("ALTER TABLE visits MODIFY COLUMN x {kind}"); ' for kind in ("UInt32", "UInt8")
    )
    restore = rewrite(project, "migrations_ch", "0002", old, f"{types}{old}")

    _, said = run("plan")

    assert "changes the type of x in visits to UInt32" not in said
    assert "LOSES DATA: changes the type of x in visits to UInt8" in said
    restore()


def test_a_view_that_will_replace_the_rows_of_a_table_says_so(run, project):
    run("upgrade", "clickhouse@0001")
    old, view = 'op.create_object("pages", version=1)', "fresh_mv_v01.sql"
    file = project.folder / "migrations_ch" / "objects" / view
    file.write_text("CREATE MATERIALIZED VIEW fresh_mv REFRESH EVERY 1 YEAR TO visits AS SELECT 1")
    new = f'op.create_object("fresh_mv", version=1); {old}'
    restore = rewrite(project, "migrations_ch", "0002", old, new)

    _, said = run("plan")

    assert "LOSES DATA: replaces the rows of visits at each refresh" in said
    restore()
    file.unlink()


def test_what_loses_nothing_needs_no_permission(run, heads):
    run("upgrade", "postgres@0003")

    assert run("downgrade", "postgres@0001")[0] == 0
    assert heads()[0] == "0001"


def test_a_new_database_loses_nothing_by_what_is_dropped_on_the_way_up(run, project):
    old = 'op.create_object("pages", version=1)'
    restore = rewrite(
        project,
        "migrations_ch",
        "0002",
        old,
        f'op.execute("ALTER TABLE visits DROP COLUMN IF EXISTS x"); {old}',
    )

    assert run("upgrade")[1].startswith("release 1: 6 revisions")
    restore()


def test_downgrade_without_target_undoes_the_last_release_only(run, heads):
    run("upgrade", "postgres@0002", "clickhouse@0001")
    run("upgrade")

    assert run("downgrade", "--allow-data-loss")[0] == 0
    assert heads() == ("0002", "0001")
    assert run("downgrade", "--allow-data-loss")[0] == 0
    assert heads() == ("", "")
    assert releases(run) == [("upgrade", None)] * 2 + [("downgrade", 2), ("downgrade", 1)]
    assert "there is no release to undo" in run("downgrade")[1]


def test_what_came_by_another_way_is_not_undone_unasked(run, heads, project):
    run("upgrade", "postgres@0002")
    assert project.run("postgres", "upgrade")[0] == 0

    code, said = run("downgrade", "--allow-data-loss")

    assert code == 1
    assert "postgres@0003, postgres@0004 came after the last release" in said
    assert heads()[0] == "0004"


BROKEN = 'op.execute("ALTER TABLE no_such_table ADD COLUMN IF NOT EXISTS x UInt8")'


def test_a_failing_statement_is_named_and_after_a_fix_the_same_command_goes_on(
    run, project, databases
):
    old = 'op.create_object("pages", version=1)'
    restore = rewrite(project, "migrations_ch", "0002", old, BROKEN)

    code, said = run("upgrade", "--json")
    failure = json.loads(said)

    assert code == 1
    assert failure["where"] == [
        "upgrade of revision 0002, step 2 "
        "(`ALTER TABLE no_such_table ADD COLUMN IF NOT EXISTS x UInt8`)"
    ]
    assert "no_such_table" in failure["reason"]
    assert "run the same command again" in failure["recommendation"]
    assert "half-way in upgrade of 0002 (steps: 1 done, 1 failed)" in run("plan")[1]
    restore()
    assert run("upgrade")[0] == 0
    assert databases.clickhouse("SELECT count() FROM visits") == [["1000"]]
    assert releases(run) == [("upgrade", None)]


def test_a_release_that_stopped_can_be_undone(run, project, heads):
    run("upgrade", "postgres@0001")
    restore = rewrite(
        project, "migrations_ch", "0002", 'op.create_object("pages", version=1)', BROKEN
    )
    assert run("upgrade")[0] == 1

    assert run("downgrade", "--allow-data-loss")[0] == 0
    assert heads() == ("0001", "")
    restore()


@pytest.fixture
def half_undone(run, project):
    """Two releases, of which the second one's undoing has stopped."""
    run("upgrade", "postgres@0002", "clickhouse@0001")
    run("upgrade")
    drop = 'op.drop_publication("${publication}")'
    restore = rewrite(project, "migrations", "0003", drop, 'op.execute("DROP TABLE not_there")')
    assert run("downgrade", "--allow-data-loss")[0] == 1
    restore()


def test_undoing_a_release_that_brought_nothing_leaves_the_one_before_it_alone(run, project, heads):
    run("upgrade", "postgres@0002")
    restore = rewrite(
        project, "migrations", "0003", "op.create_pub", 'op.execute("NONSENSE"); op.create_pub'
    )
    assert run("upgrade", "postgres@0003")[0] == 1
    restore()

    assert run("downgrade", "--allow-data-loss")[0] == 0
    assert heads()[0] == "0002"
    assert run("downgrade", "--allow-data-loss")[0] == 0
    assert heads()[0] == ""


def test_a_downgrade_to_a_target_that_stopped_is_no_release_to_undo(run, project, heads):
    run("upgrade", "postgres@0002")
    run("upgrade", "postgres@0003")
    drop = 'op.drop_publication("${publication}")'
    restore = rewrite(project, "migrations", "0003", drop, 'op.execute("DROP TABLE not_there")')
    assert run("downgrade", "postgres@0002", "--allow-data-loss")[0] == 1
    restore()

    assert run("downgrade", "--allow-data-loss")[0] == 0
    assert heads()[0] == "0002"


@pytest.mark.usefixtures("half_undone")
def test_an_undoing_that_stopped_goes_on_and_undoes_no_other_release(run, heads):
    assert run("downgrade", "--allow-data-loss")[0] == 0
    assert heads() == ("0002", "0001")


@pytest.mark.usefixtures("half_undone")
def test_an_upgrade_after_a_half_undoing_is_undone_to_where_that_one_led(run, heads):
    assert run("upgrade")[0] == 0

    assert run("downgrade", "--allow-data-loss")[0] == 0
    assert heads() == ("0002", "0001")


@pytest.fixture
def agreed(run, tmp_path):
    """The file of a plan that somebody has read."""
    file = tmp_path / "plan.json"
    file.write_text(run("plan", "--json", "clickhouse@0001", "postgres@0001")[1])
    return str(file)


def test_a_plan_that_still_holds_is_run(run, agreed, heads):
    assert run("upgrade", "--plan", agreed)[0] == 0
    assert heads() == ("0001", "0001")


def test_a_plan_is_refused_when_a_store_has_changed_since(run, agreed, databases):
    with databases.postgres() as connection:
        connection.execute("CREATE TABLE by_hand (x integer)")

        code, said = run("upgrade", "--plan", agreed)

        connection.execute("DROP TABLE by_hand")
    assert code == 1
    assert "since the plan was made, table postgres.by_hand is new" in said


def test_a_plan_is_refused_when_a_version_or_a_revision_has_changed_since(run, agreed, project):
    restore = rewrite(project, "migrations_ch", "0001", "numbers(1000)", "numbers(999)")
    assert (
        "since the plan was made, revision clickhouse@0001 has changed"
        in run("upgrade", "--plan", agreed)[1]
    )
    restore()
    run("upgrade", "postgres@0001")

    said = run("upgrade", "--plan", agreed)[1]

    assert "postgres is at 0001, and was base" in said


def test_a_plan_is_refused_in_the_other_direction_and_when_it_was_edited(run, agreed):
    assert "the plan of another direction" in run("downgrade", "--plan", agreed)[1]
    with open(agreed) as file:
        text = file.read()
    with open(agreed, "w") as file:
        file.write(text.replace('"targets": [', '"targets": ["heads", '))

    assert "its fingerprint does not match" in run("upgrade", "--plan", agreed)[1]


def test_what_cannot_be_taken_back_is_named_before_anything_runs(run, project, heads):
    run("upgrade")
    restore = rewrite(
        project, "migrations", "0002", "down_revision", 'irreversible = "rows"\ndown_revision'
    )

    code, said = run("downgrade", "--allow-data-loss")

    assert code == 1
    assert "postgres@0002 cannot be taken back (rows): go back as far as possible" in said
    assert "`analytics downgrade postgres@0002`" in said
    assert heads() == ("0004", "0002")
    restore()


def test_a_revision_that_asks_the_server_is_planned_as_far_as_it_goes(run, project):
    asks = "op.get_bind().execute('SELECT 1').fetchone()"
    restore = rewrite(project, "migrations", "0003", "op.create_publication", f"{asks}; op.x")

    _, said = run("plan")

    assert re.search(r"upgrade postgres@0003 .*\n.*\n    \?  it asks the server", said)
    restore()


def test_stamp_says_where_both_stores_are(run, heads):
    code, said = run("stamp", "postgres@0002", "clickhouse@0001")

    assert (code, said) == (0, "postgres    0002\nclickhouse  0001\n")
    assert heads() == ("0002", "0001")
    assert run("stamp", "base")[0] == 0
    assert heads() == ("", "")


def test_who_waits_too_long_for_the_lock_gets_exit_code_5(run, databases, monkeypatch):
    monkeypatch.setenv("ANALYTICS_LOCK_TIMEOUT", "0")

    with lock.held(databases.postgres_url, purpose="a test", timeout=5, watch=Watch(print)):
        code, said = run("upgrade")

    assert code == 5
    assert "the lock of the histories is held by analytics a test" in said


SLOW = "INSERT INTO visits SELECT number + sleepEachRow(0.02) FROM numbers(100)"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_stops_it_between_two_steps_and_it_goes_on(number, run, project, databases):
    fast = "INSERT INTO visits SELECT number FROM numbers(1000)"
    restore = rewrite(project, "migrations_ch", "0001", fast, SLOW)
    process = project.start_release("upgrade")
    wait_for(process.stderr, "  2  INSERT INTO visits")

    process.send_signal(number)
    _, said = process.communicate(timeout=60)

    assert process.returncode == 4, said
    assert "stopping before the next step" in said
    assert databases.clickhouse("SELECT count() FROM visits") == [["100"]]
    assert run("upgrade")[0] == 0
    assert databases.clickhouse("SELECT count() FROM visits") == [["100"]]
    restore()


def test_a_signal_ends_the_wait_for_the_lock(project, databases):
    with lock.held(databases.postgres_url, purpose="a test", timeout=5, watch=Watch(print)):
        process = project.start_release("upgrade")
        wait_for(process.stderr, "waiting for analytics a test")
        process.send_signal(signal.SIGINT)

        _, said = process.communicate(timeout=10)

    assert process.returncode == 4, said


def test_eight_releases_at_once_run_each_revision_once(project, databases, run):
    processes = [project.start_release("upgrade", "--json") for _ in range(8)]

    outputs = [process.communicate(timeout=120) for process in processes]

    assert [process.returncode for process in processes] == [0] * 8, outputs
    assert sorted(json.loads(out)["release"] or 0 for out, _ in outputs) == [0] * 7 + [1]
    assert databases.clickhouse("SELECT count() FROM visits") == [["1000"]]
    assert releases(run) == [("upgrade", None)]


def wait_for(stream, text):
    """Read until a line begins so."""
    for line in stream:
        if line.startswith(text):
            return
    raise AssertionError(f"it ended without {text}")


@pytest.mark.parametrize(
    "swap",
    [
        'op.execute("RENAME TABLE IF EXISTS visits TO old")',
        'op.run_sql("EXCHANGE TABLES visits AND old", once=True)',
    ],
)
def test_rows_that_a_release_moves_before_it_drops_them_are_lost_as_well(swap, run, project):
    run("upgrade", "clickhouse@0001")
    old = 'op.create_object("pages", version=1)'
    drop = f'{swap}; op.execute("DROP TABLE IF EXISTS old")'
    restore = rewrite(project, "migrations_ch", "0002", old, drop)

    _, said = run("plan")

    assert "LOSES DATA: drops table old (rows not counted)" in said
    restore()


@pytest.mark.parametrize("command", [("stamp", "head"), ("resolve", "x", "1", "--done")])
def test_without_postgresql_a_command_says_so(command, run, databases, monkeypatch):
    nowhere = f"postgresql://nobody@127.0.0.1:1/{databases.name}"
    with monkeypatch.context() as patch:
        patch.setenv("ANALYTICS_POSTGRES_URL", nowhere)
        code, said = run(*command, *(("--reason", "y") if command[0] == "resolve" else ()))

    assert (code, said[:29]) == (1, "PostgreSQL at 127.0.0.1:1 doe")
