"""Every operation as a user with the grants of the page alone, and what a plan says without one."""

import json
import re
from contextlib import contextmanager

import pytest

from tests.arrival import await_answer
from tests.clickhouse import granted
from tests.conftest import ROOT
from tests.local.embedded.serving import start
from tests.pages import DOCS, blocks
from tests.rebuild.stage import Stage
from tests.safety.project import ENV, REVISION, Project

pytestmark = [pytest.mark.services, pytest.mark.slow]

DATABASE = "shop"
GRANTS, COMPUTED = (
    [(names.split(", "), on) for names, on in re.findall(r"^GRANT (.+) ON (.+) TO", block, re.M)]
    for block in blocks((DOCS / "privileges.md").read_text(), "sql")[1:]
)
IMPLIED = {f"{verb} VIEW ON shop.*" for verb in ("CREATE", "DROP")} | {
    f"{verb} NAMED COLLECTION ON shop_access" for verb in ("CREATE", "ALTER", "DROP")
}
UNASKED = {"SYSTEM FLUSH LOGS ON *.*", "ALTER COLUMN ON shop.*", "ALTER ORDER BY ON shop.*"}
"""What no operation asks for: the runtime needs it after a crash, or a user's own statements."""
ALWAYS = {"columns", "databases", "functions", "one", "settings", "tables"}
"""Tables of `system` that a server lets every user read."""
OTHERS = {
    "numbers": "CREATE VIEW numbers AS SELECT count() AS n FROM people",
    "persons": "CREATE DICTIONARY persons (person UInt32, messages UInt64) PRIMARY KEY person "
    "SOURCE(CLICKHOUSE(TABLE 'people')) LAYOUT(FLAT()) LIFETIME(0)",
    "half": "CREATE FUNCTION shop_half AS (x) -> intDiv(x, 2)",
    "access": "CREATE NAMED COLLECTION shop_access AS a = '1'",
}
NOTES = [
    f"CREATE TABLE notes (a Int8{more}) ENGINE = MergeTree ORDER BY a" for more in ("", ", b Int8")
]
CHANGE = 'op.change_table("notes", version={}, by=["ALTER TABLE notes {} COLUMN IF {}EXISTS b{}"])'
FED = ("landing", "events", "events_mv", "people", "people_mv", "hourly", "hourly_mv", "daily")
FED += ("daily_mv", "queue", "valve", "valve_mv", "landing_mv")
REBUILD = (
    'op.rebuild_view("hourly_mv", version={0}, '
    'also={{"hourly": {0}, "daily": {0}, "daily_mv": {0}}})'
)


def created(*names):
    return "\n".join(f'op.create_object("{name}", version=1)' for name in names)


def dropped(*names):
    return "\n".join(f'op.drop_object("{name}")' for name in reversed(names))


STEPS = (
    (created(*FED, *OTHERS, "notes"), dropped(*FED, *OTHERS, "notes")),
    (CHANGE.format(2, "ADD", "NOT ", " Int8"), CHANGE.format(1, "DROP", "", "")),
    (REBUILD.format(2), REBUILD.format(1)),
    ('op.change_view("events_mv", version=2)', 'op.change_view("events_mv", version=1)'),
    ('op.recreate_kafka_table("queue", version=2)', 'op.recreate_kafka_table("queue", version=1)'),
    ('op.replay(from_table="landing", into="events")', "pass"),
    ('op.forget_previous("events_mv")', "pass"),
    (
        'op.run_sql("INSERT INTO people VALUES (1, 0)", reruns="it adds nothing")',
        'op.execute("ALTER TABLE people DELETE WHERE messages = 0")',
    ),
)
TOPIC = ('op.create_topic("${namespace}")', 'op.drop_topic("${namespace}")')
DOWN = (
    "downgrade",
    "--allow-data-loss=clickhouse@0001,clickhouse@0002",
    "--allow-data-loss=postgres@0001",
)


@pytest.fixture
def folder(tmp_path):
    """The folder of a server with an empty database, which an administrator has made."""
    serving = start(tmp_path / "data")
    serving.sql(f"CREATE DATABASE {DATABASE} ENGINE = Atomic")
    serving.stop()
    return tmp_path


@pytest.fixture
def project(tmp_path, databases, stack):
    """Both histories: an empty one, and one in ClickHouse with every operation."""
    stage = Stage("", DATABASE, databases.name, stack.need("kafka_bootstrap_servers"))
    (tmp_path / "alembic.ini").write_text((ROOT / "alembic.ini").read_text())
    for place, store in (("migrations", "postgres"), ("migrations_ch", "clickhouse")):
        (tmp_path / place / "versions").mkdir(parents=True)
        (tmp_path / place / "env.py").write_text(ENV.format(store=store))
    objects = tmp_path / "migrations_ch/objects"
    objects.mkdir()
    texts = {name: [text] for name, text in OTHERS.items()} | {"notes": NOTES}
    for name, versions in (stage.definitions | texts).items():
        for version, text in enumerate(versions, 1):
            filled = stage.text(name, version) if name not in texts else text
            (objects / f"{name}_v{version:02d}.sql").write_text(filled)
    return Project(tmp_path)


def test_our_own_history_goes_up_and_down(folder, databases, alembic, monkeypatch):
    assert alembic("upgrade", "head").code == 0

    with served(folder, monkeypatch) as serving:
        for _ in range(2):
            for way in (("upgrade", "head"), ("downgrade", "base")):
                outcome = alembic("-n", "clickhouse", *way)
                assert outcome.code == 0, outcome.err[-1000:]
        assert unreadable(serving) == set()


def test_every_operation_goes_up_and_down(folder, project, monkeypatch):
    write(project, 1, *TOPIC, place="migrations")
    for number, (up, down) in enumerate(STEPS, 1):
        write(project, number, up, down)

    with served(folder, monkeypatch) as serving:
        asked = wanted(release(project, "plan", "--json"))
        release(project, "upgrade", "postgres@0001", "clickhouse@0001")
        serving.sql(
            """INSERT INTO landing SELECT '{"person": ' || number || '}', 9, number
            FROM numbers(100)""",
            database=DATABASE,
        )
        for _ in range(2):
            release(project, "upgrade")
            release(project, "downgrade", "clickhouse@0001", "--allow-data-loss", "people,notes")
        await_answer(
            lambda: serving.sql("SELECT sum(messages) FROM people", database=DATABASE),
            "100\n",
            question="rows",
        )
        asked |= wanted(release(project, "plan", "--json", "--downgrade", "base"))
        release(project, *DOWN, "base")
        assert unreadable(serving) == set()

    given = {f"{name} ON {on}" for names, on in GRANTS for name in names}
    assert asked - IMPLIED == given - UNASKED


@pytest.mark.parametrize(
    ("lacks", "before", "refused"),
    [
        ("CREATE DICTIONARY", (), ("upgrade", "clickhouse@0001")),
        ("ALTER DELETE", ("upgrade", "clickhouse@0001"), ("upgrade",)),
        ("DROP DICTIONARY", ("upgrade", "clickhouse@0001"), (*DOWN, "clickhouse@base")),
    ],
)
def test_what_is_missing_is_named_and_enough(lacks, before, refused, folder, project, monkeypatch):
    some = ("events", "people", "people_mv", "persons")
    write(project, 1, created(*some), dropped(*some))
    write(project, 2, 'op.replay(from_table="events", into="people")', "pass")
    if before:
        with served(folder, monkeypatch):
            release(project, *before)

    with served(folder, monkeypatch, lacks=lacks):
        plan = ("plan", *(each for each in refused if each.startswith("click")))
        planned = release(project, *plan, *(("--downgrade",) * ("downgrade" in refused)))
        code, _, said = command(project, *refused)

    gives = f"GRANT {lacks} ON shop.* TO default"
    assert f"given by `{gives}`" in planned and f"given by `{gives}`" in said
    assert code == 1
    given = gives.removeprefix("GRANT ").removesuffix(" TO default")
    with served(folder, monkeypatch, given, lacks=lacks):
        release(project, *refused)


def test_a_refused_statement_names_its_grant(folder, project, monkeypatch):
    change = 'op.execute("ALTER TABLE people UPDATE messages = 0 WHERE person = 1")'
    write(project, 1, created("people"), dropped("people"))
    write(project, 2, change, "pass")

    with served(folder, monkeypatch):
        code, _, said = command(project, "upgrade", "--allow-data-loss=people")

    gives = "ALTER UPDATE(messages) ON shop.people"
    assert code == 1
    assert f"let an administrator send `GRANT {gives} TO default`" in said
    with served(folder, monkeypatch, gives):
        release(project, "upgrade", "--allow-data-loss=people")


@contextmanager
def served(folder, monkeypatch, *more, lacks=""):
    """The server with the grants of the page, without one of them, and with others."""
    left = [(", ".join({*names} - {lacks}), on) for names, on in (*GRANTS, *COMPUTED)]
    with granted.running(folder, (*more, *(f"{n} ON {on}" for n, on in left if n))) as serving:
        monkeypatch.setenv("ANALYTICS_CLICKHOUSE_URL", url(serving))
        yield serving


def url(serving):
    return f"clickhouse+http://default@127.0.0.1:{serving.port}/{DATABASE}"


def write(project, number, up, down, place="migrations_ch"):
    below = f"{number - 1:04d}" if number > 1 else None
    parts = {"up": up.replace("\n", "\n    "), "down": down.replace("\n", "\n    ")}
    text = REVISION.format(id=f"{number:04d}", below=below, **parts)
    (project.folder / place / f"versions/{number:04d}_test.py").write_text(text)


def release(project, *arguments):
    """What a command that must work has said."""
    code, out, err = command(project, *arguments)
    assert code == 0, err
    return out


def command(project, *arguments):
    process = project.start_release(*arguments)
    try:
        out, err = process.communicate(timeout=60)
        return process.returncode, out, err
    finally:
        process.kill()


def wanted(plan):
    """The privileges in ClickHouse that a plan asks for."""
    revisions = json.loads(plan)["revisions"]
    steps = [step for each in revisions if each["history"] != "postgres" for step in each["steps"]]
    return {name for step in steps for name in step["privileges"]}


def unreadable(serving):
    """Tables of `system` that were read, and that no grant of the page covers."""
    serving.sql("SYSTEM FLUSH LOGS")
    found = serving.sql(
        "SELECT DISTINCT arrayJoin(extractAll(query, 'system\\\\.([a-z_]+)')) "
        "FROM system.query_log WHERE user != ''"
    )
    readable = {on.removeprefix("system.") for _, on in COMPUTED}
    return set(found.split()) - ALWAYS - readable
