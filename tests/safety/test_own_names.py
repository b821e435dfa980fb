"""A project with a placeholder, a secret and a role of its own: both stores get them, and back."""

import psycopg
import pytest

from tests.conftest import ROOT
from tests.safety import project as projects
from tests.safety.project import Project, ended

pytestmark = pytest.mark.services

SECRET = "it's pl@nted/42"
SECTIONS = """
[placeholders]
warehouse = ${clickhouse_database}_eyes
place = env:SHOP_PLACE

[secrets]
reader_password = file:secrets/reader

[roles]
reader = ${namespace}_eyes, reader_password

[settings]
lock_timeout = 50
"""
ROLE = "CREATE ROLE ${reader_role} LOGIN;\nGRANT SELECT ON people TO ${reader_role};\n"
WAREHOUSE = """CREATE NAMED COLLECTION ${warehouse} AS
    host     = '${postgres_host}',
    port     = ${postgres_port},
    database = '${postgres_database}',
    user     = '${reader_role}',
    password = '${reader_password}',
    schema   = '${place}'
"""
REVISIONS = {
    "migrations": (
        'op.execute("CREATE TABLE people (n int)")\nop.create_role("reader", version=1)',
        'op.drop_role("reader")\nop.execute("DROP TABLE people")',
    ),
    "migrations_ch": (
        'op.create_object("warehouse", version=1)',
        'op.drop_object("warehouse")',
    ),
}
COMMANDS = ("plan", "plan --sql", "plan --json", "upgrade", "upgrade --json", "journal --json")
WRONG = "op.run_sql(\"SELECT '${reader_password}', nothing FROM nowhere\", once=True)"


def write(folder, place, number, up, down="pass"):
    below = f"{int(number) - 1:04d}" if number > "0001" else None
    up, down = (text.replace("\n", "\n    ") for text in (up, down))
    text = projects.REVISION.format(id=number, below=below, up=up, down=down)
    (folder / place / "versions").mkdir(parents=True, exist_ok=True)
    (folder / place / "versions" / f"{number}_test.py").write_text(text)


@pytest.fixture
def shop(tmp_path, databases, monkeypatch):
    """The project, whose file is named by -c from a folder elsewhere: what its commands print."""
    folder = tmp_path / "a shop"
    for place, store in (("migrations", "postgres"), ("migrations_ch", "clickhouse")):
        write(folder, place, "0001", *REVISIONS[place])
        (folder / place / "env.py").write_text(projects.ENV.format(store=store))
    for place, text in {
        "alembic.ini": (ROOT / "alembic.ini").read_text().partition("# ${topic}")[0] + SECTIONS,
        "secrets/reader": f"{SECRET}\n",
        "migrations/roles/reader_v01.sql": ROLE,
        "migrations_ch/objects/warehouse_v01.sql": WAREHOUSE,
    }.items():
        (folder / place).parent.mkdir(exist_ok=True)
        (folder / place).write_text(text)
    monkeypatch.setenv("SHOP_PLACE", "public")
    printed = []

    def run(*arguments):
        named = ("-c", str(folder / "alembic.ini"))
        code, text = ended(Project(tmp_path).start_release(*named, *arguments))
        printed.append(text)
        return code, text

    yield run, folder, printed
    code, text = run("downgrade", "base", "--allow-data-loss")
    assert code == 0, text


def reads(databases):
    """What the role may, and what ClickHouse reads by the collection."""
    name = databases.name
    with psycopg.connect(databases.postgres_url, user=f"{name}_eyes", password=SECRET) as role:
        seen = role.execute("SELECT count(*) FROM people").fetchone()
    query = f"SELECT count() FROM postgresql({name}_eyes, table = 'people')"
    return seen, databases.clickhouse(query)


def left(databases):
    """The role and the collection, as far as they are there."""
    name = f"{databases.name}_eyes"
    with databases.postgres() as connection:
        roles = connection.execute("SELECT rolname FROM pg_roles WHERE rolname = %s", (name,))
        found = roles.fetchall()
    query = f"SELECT name FROM system.named_collections WHERE name = '{name}'"
    return [*found, *databases.clickhouse(query)]


def journals(databases):
    query = "SELECT * FROM analytics_journal"
    with databases.postgres() as connection:
        return f"{connection.execute(query).fetchall()}{databases.clickhouse(query)}"


def shows(text):
    """Whether a text has the secret, also as SQL and JSON write it."""
    return "pl@nted" in text or "pl%40nted" in text


def alone(alembic, folder, *arguments):
    """Plain Alembic on each history: exit codes, and what it prints."""
    ini = str(folder / "alembic.ini")
    done = [alembic("-c", ini, "-n", each, *arguments) for each in ("alembic", "clickhouse")]
    return {each.code for each in done}, [each.out + each.err for each in done]


def test_names_of_ones_own_reach_both_stores_and_go_again(shop, databases):
    run, _, _ = shop

    code, text = run("upgrade")
    assert code == 0, text
    with databases.postgres() as connection:
        connection.execute("INSERT INTO people VALUES (1), (2)")
    assert reads(databases) == ((2,), [["2"]])
    code, text = run("downgrade", "base", "--allow-data-loss")

    assert code == 0, text
    assert left(databases) == []


def test_the_secret_is_shown_nowhere(shop, databases, alembic):
    run, folder, printed = shop
    for place in REVISIONS:
        write(folder, place, "0002", WRONG)
    codes, scripts = alone(alembic, folder, "upgrade", "head", "--sql")
    assert codes == {0} and f"CREATE ROLE {databases.name}_eyes" in scripts[0]
    assert "password = '${reader_password}'" in scripts[1]

    for command in COMMANDS:
        run(*command.split())
    assert run("downgrade", "base", "--allow-data-loss")[0] == 0
    failed, tried = alone(alembic, folder, "upgrade", "head")

    assert 0 not in failed and "nowhere" in journals(databases) and "nowhere" in tried[0]
    assert not list(filter(shows, (*scripts, *printed, *tried, journals(databases))))
    for place in REVISIONS:
        write(folder, place, "0002", "pass")
