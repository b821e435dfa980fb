"""Every operation with the least privileges that its page names, up and down, on four majors."""

import re
import shutil
from textwrap import indent

import pytest
from alembic import op
from alembic.operations import Operations

from analytics.directive import OperationContext, Resources
from analytics.errors import LockTimeout
from analytics.journal.entry import Direction
from analytics.placeholders import placeholders
from analytics.postgres import lock, sessions
from analytics.release import needs
from analytics.release.plan import Plan, PlannedRevision, PlannedStep
from analytics.runtime import dry_run
from analytics.settings import load
from analytics.sql.impact import Impact
from analytics.stores import STORES
from analytics.watch import Watch
from tests.conftest import ROOT
from tests.operations.conftest import REVISION
from tests.pipeline.catalog import POSTGRES

pytestmark = pytest.mark.slow

KAFKA = {"0006_topics": ("0007_publication", "0005"), "0009_connector": None}
"""Revisions that do nothing in PostgreSQL; whose place another takes."""
TABLE = 'op.execute("CREATE TABLE a (x int PRIMARY KEY)")'
UNTABLE = 'op.execute("DROP TABLE a")'
PUBLISH = 'op.create_publication("${publication}", tables=["only a (x) WHERE (x > 0)"])'
SLOT = ('op.create_replication_slot("${slot}")', 'op.drop_replication_slot("${slot}")')
READER = ('op.create_role("clickhouse", version=1)', 'op.drop_role("clickhouse")')
READS = "CREATE ROLE ${clickhouse_role} LOGIN;\nGRANT USAGE ON SCHEMA public TO ${clickhouse_role};"
STREAMER = ('op.create_role("debezium", version=1)', 'op.drop_role("debezium")')
STREAMS = "CREATE ROLE ${debezium_role} LOGIN REPLICATION;"
REPLICATION = {15: "SUPERUSER"}  # what it takes to give REPLICATION; else that itself

OPERATIONS = {
    "statements": ("", TABLE, UNTABLE),
    "schemas": ("", 'op.execute("CREATE SCHEMA s")', 'op.execute("DROP SCHEMA s")'),
    "sql": ("", 'op.run_sql("CREATE SCHEMA s", once=True)', 'op.execute("DROP SCHEMA s")'),
    "publication": (
        "",
        f"{TABLE}\n{PUBLISH}",
        f'op.drop_publication("${{publication}}")\n{UNTABLE}',
    ),
    "slot": ("REPLICATION", *SLOT),
    "role": ("CREATEROLE", *READER),
    "role with replication": ("CREATEROLE {REPLICATION}", *STREAMER),
}
"""What the owner of the database needs beside, and an operation with its opposite."""
OTHERS = "CREATE TABLE a (x int PRIMARY KEY)"
LACKING = {
    "publication of a table": (OTHERS, PUBLISH),
    "publication in a database": (
        f"ALTER DATABASE shop OWNER TO postgres; ALTER SCHEMA public OWNER TO migrator; {OTHERS}; "
        "ALTER TABLE a OWNER TO migrator",
        PUBLISH,
    ),
    "drop publication": (
        f"{OTHERS}; CREATE PUBLICATION shop_pub FOR TABLE a",
        'op.drop_publication("${publication}")',
    ),
    "slot": ("ALTER ROLE migrator NOREPLICATION", SLOT[0]),
    "drop slot": (
        "SELECT pg_create_logical_replication_slot('shop_slot', 'pgoutput'); "
        "ALTER ROLE migrator NOREPLICATION",
        SLOT[1],
    ),
    "role": ("ALTER ROLE migrator NOCREATEROLE", READER[0]),
    "role with replication": ("ALTER ROLE migrator NOREPLICATION", STREAMER[0]),
    "drop role": ("CREATE ROLE shop_clickhouse; ALTER ROLE migrator NOCREATEROLE", READER[1]),
}
"""What an administrator has sent before, and an operation for which something is missing then."""


@pytest.fixture
def run(tmp_path, alembic, shop):
    """Alembic's command line for a history of its own, in PostgreSQL alone."""
    shutil.copy(ROOT / "alembic.ini", tmp_path)
    (tmp_path / "migrations_ch/versions").mkdir(parents=True)
    return lambda *arguments: alembic("-c", str(tmp_path / "alembic.ini"), *arguments)


@pytest.fixture
def revise(tmp_path, run):
    """Write a history of one revision."""

    def write(up, down="pass"):
        folder = tmp_path / "migrations"
        (folder / "versions").mkdir(parents=True)
        (folder / "roles").mkdir()
        (folder / "env.py").write_text(
            'from analytics import environment\n\nenvironment.run("postgres")\n'
        )
        text = REVISION.format(up=indent(up, "    "), down=indent(down, "    "))
        (folder / "versions/0001_test.py").write_text(text)
        (folder / "roles/clickhouse_v01.sql").write_text(READS)
        (folder / "roles/debezium_v01.sql").write_text(STREAMS)
        return run

    return write


def test_the_whole_history_goes_up_down_and_up(shop, run, tmp_path):
    _copy(tmp_path / "migrations", shop.major)

    before, seen = _catalog(shop), []
    for _ in range(2):
        up = run("upgrade", "head")
        seen.append(_catalog(shop))
        if shop.major == 15:  # only a superuser gives it there
            shop.admin("ALTER ROLE shop_debezium REPLICATION")
        down = run("downgrade", "base")

        assert (up.code, down.code) == (0, 0), up.err + down.err
        assert _catalog(shop) == before
    assert seen[0] == seen[1] != before


@pytest.mark.parametrize("name", OPERATIONS)
def test_an_operation_needs_no_more_than_its_page_says(name, shop, revise):
    attributes, up, down = OPERATIONS[name]
    given = attributes.format(REPLICATION=REPLICATION.get(shop.major, "REPLICATION"))
    shop.admin("ALTER ROLE migrator NOCREATEROLE NOREPLICATION", f"ALTER ROLE migrator {given}")
    run, before = revise(up, down), _catalog(shop)

    for _ in range(2):
        assert list(needs.missing(_plan(up), load())) == []
        for arguments in (("upgrade", "head"), ("downgrade", "base")):
            outcome = run(*arguments)
            assert outcome.code == 0, outcome.err
        assert _catalog(shop) == before


@pytest.mark.parametrize("name", LACKING)
def test_what_is_missing_is_named_and_enough(name, shop, revise):
    before, operation = LACKING[name]
    shop.admin(*before.split("; "))
    run = revise(operation)

    planned = _statements("\n".join(needs.missing(_plan(operation), load())))
    refused = run("upgrade", "head")

    assert planned and refused.code != 0
    (asked,) = set(_statements(refused.err))
    assert asked in planned
    shop.admin(*planned)
    assert list(needs.missing(_plan(operation), load())) == []
    outcome = run("upgrade", "head")
    assert outcome.code == 0, outcome.err


def test_a_slot_fails_over_since_17(shop, revise):
    shop.admin("ALTER ROLE migrator REPLICATION")

    outcome = revise('op.create_replication_slot("${slot}", failover=True)')("upgrade", "head")

    if shop.major < 17:
        assert f"PostgreSQL {shop.major} has no such slots: leave failover=True out" in outcome.err
    else:
        assert outcome.code == 0, outcome.err
        assert shop.admin("SELECT failover FROM pg_replication_slots") == [(True,)]


def test_a_role_that_another_has_made_is_dropped_by_who_administers_it(shop, revise):
    shop.admin("CREATE ROLE shop_clickhouse")
    run = revise(READER[1])

    planned = _statements("\n".join(needs.missing(_plan(READER[1]), load())))

    administers = "GRANT shop_clickhouse TO migrator WITH ADMIN OPTION"
    assert planned == ([] if shop.major == 15 else [administers])
    shop.admin(*planned, "SELECT")
    assert run("upgrade", "head").code == 0


@pytest.mark.parametrize(
    ("statement", "before", "gives"),
    [
        ("CREATE SCHEMA s", "ALTER DATABASE shop OWNER TO postgres", "GRANT CREATE ON DATABASE"),
        ("SELECT * FROM a", OTHERS, "GRANT ALL ON TABLE a"),
        ("DROP TABLE a", OTHERS, "ALTER TABLE a OWNER"),
        ("SELECT * FROM s.a", "CREATE SCHEMA s; CREATE TABLE s.a ()", "GRANT USAGE, CREATE ON"),
        ("DROP FUNCTION f", "CREATE FUNCTION f() RETURNS int RETURN 1", "ALTER FUNCTION f OWNER"),
    ],
)
def test_a_refused_statement_names_its_remedy(statement, before, gives, shop, revise):
    owned = "ALTER SCHEMA public OWNER TO postgres"  # whose owner may drop what is in it
    shop.admin(owned, "GRANT ALL ON SCHEMA public TO migrator", *before.split("; "))

    outcome = revise(f'op.execute("{statement}")')("upgrade", "head")

    assert outcome.code != 0
    (asked,) = set(_statements(outcome.err))
    assert asked.startswith(gives) and asked.endswith("TO migrator")
    shop.admin(asked)


def test_what_a_superuser_has_begun_is_taken_over(shop, revise, monkeypatch):
    run = revise(
        'op.execute("CREATE SCHEMA s")\nop.execute("CREATE TABLE s.a ()")',
        'op.execute("DROP TABLE s.a")\nop.execute("DROP SCHEMA s")',
    )
    with monkeypatch.context() as other:
        other.setenv("ANALYTICS_POSTGRES_URL", f"{shop.server}/shop")
        assert run("upgrade", "head").code == 0

    asked = []
    while (outcome := run("downgrade", "base")).code:
        (statement,) = set(_statements(outcome.err)) - set(asked)
        shop.admin(statement)
        asked.append(statement)

    assert asked == [
        "GRANT ALL ON TABLE alembic_version TO migrator",
        "GRANT ALL ON TABLE analytics_journal TO migrator",
        "GRANT USAGE, CREATE ON SCHEMA s TO migrator",
        "ALTER TABLE s.a OWNER TO migrator",
        "ALTER SCHEMA s OWNER TO migrator",
    ]


def test_who_waits_for_another_role_is_told_for_whom(shop):
    def held(url, purpose):
        return lock.held(url, purpose=purpose, timeout=0, watch=Watch())

    with (
        held(f"{shop.server}/shop", "upgrade 0007"),
        pytest.raises(LockTimeout, match=r"upgrade 0007 .*:\d+ \(PostgreSQL .*\) of postgres"),
        held(shop.url, "upgrade 0008"),
    ):
        pass


def test_a_transaction_of_another_role_is_waited_for(shop):
    name = f"?application_name={sessions.APPLICATION_NAME.replace(' ', '%20')}"
    with (
        sessions.opened(f"{shop.server}/shop{name}") as theirs,
        sessions.opened(shop.url) as ours,
    ):
        found = []
        for statement in ("BEGIN", "COMMIT"):
            theirs.execute(statement)
            found.append(ours.execute(sessions.OTHERS, [sessions.APPLICATION_NAME]).fetchall())

        assert found == [[(theirs.info.backend_pid, "of postgres")], []]


def _copy(folder, major):
    """Our own history without what is in Kafka; on 15 an administrator gives REPLICATION."""
    shutil.copytree(ROOT / "migrations", folder)
    for name, after in KAFKA.items():
        (folder / f"versions/{name}.py").unlink()
        if after:
            file = folder / f"versions/{after[0]}.py"
            file.write_text(file.read_text().replace(f'"{name[:4]}"', f'"{after[1]}"'))
    if major == 15:
        role = folder / "roles/debezium_v01.sql"
        role.write_text(role.read_text().replace(" REPLICATION", ""))


def _catalog(shop):
    names = "SELECT rolname FROM pg_roles WHERE oid >= 16384"
    queries = POSTGRES | {"all roles": names}
    return {part: sorted(map(str, shop.admin(query))) for part, query in queries.items()}


def _plan(text):
    """The plan of a revision, as far as its privileges go."""
    settings = load()
    folder = ROOT / "migrations"
    resources = Resources(STORES["postgres"], settings, placeholders(settings), folder)
    recorded = dry_run.revision(lambda: exec(text, {"op": op}), resources)
    context = OperationContext(Operations(recorded.context))
    directives = [step for step in recorded.steps if not isinstance(step, str)]
    names = tuple(sorted({name for each in directives for name in each.privileges(context)}))
    step = PlannedStep("op.x()", "d", Impact(), privileges=names)
    return Plan(Direction.UP, (), (PlannedRevision("postgres", "0001", "It.", (step,)),), {}, {})


def _statements(text):
    return re.findall(r"(?:given by|send) `([^`]+)`", text)
