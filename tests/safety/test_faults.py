"""A release that breaks at any message, in any way: the same command again ends as undisturbed."""

import os
import random
import re

import pytest

pytestmark = pytest.mark.services

SAMPLE = int(os.environ.get("FAULTS", "2"))  # of each store and direction; 0 for all
BREAKS = ("cut before", "cut after", "kill before", "kill after")
POSTGRES = """
SELECT c.oid::regclass::text, c.relkind, coalesce(i.indisvalid, true)
FROM pg_class AS c
LEFT JOIN pg_index AS i ON i.indexrelid = c.oid
WHERE c.relnamespace = 'public'::regnamespace AND c.relname !~ '^analytics_journal'
UNION ALL
SELECT pubname, 'p', true FROM pg_publication
UNION ALL
SELECT slot_name, 's', true FROM pg_replication_slots WHERE database = current_database()
UNION ALL
SELECT version_num, 'v', true FROM alembic_version"""
CLICKHOUSE = """
SELECT name, create_table_query FROM system.tables
WHERE database = currentDatabase() AND name != 'analytics_journal'
UNION ALL
SELECT name, create_query FROM system.functions
WHERE origin = 'SQLUserDefined' AND startsWith(name, currentDatabase())
UNION ALL
SELECT version_num, '' FROM alembic_version"""


@pytest.fixture
def look(store, databases):
    """What is in the store: its catalog, its version, its rows."""

    def postgres():
        with databases.postgres() as connection:
            found = sorted(map(str, connection.execute(POSTGRES)))
            rows = "SELECT count(*), sum(id) FROM people"
            return found, any("'people'" in row for row in found) and list(connection.execute(rows))

    def clickhouse():
        found = sorted(
            re.sub(r"UUID '[^']*'", "", str(r)) for r in databases.clickhouse(CLICKHOUSE)
        )
        rows = "SELECT count(), sum(n) FROM visits"
        return found, any("'visits'" in row for row in found) and databases.clickhouse(rows)

    return postgres if store == "postgres" else clickhouse


def other(verb):
    return "downgrade" if verb == "upgrade" else "upgrade"


@pytest.mark.parametrize("verb", ["upgrade", "downgrade"])
def test_the_same_command_again_ends_as_undisturbed(store, verb, project, proxied, look):
    proxy, through = proxied
    undisturbed, messages = {}, {}
    for each in (other(verb), verb) * 2 if verb == "downgrade" else (verb, other(verb)) * 2:
        proxy.arm(-1, "", lambda: None)
        assert project.run(store, each, **through)[0] == 0
        undisturbed[each], messages[each] = look(), proxy.seen
    if verb == "downgrade":
        assert project.run(store, other(verb), **through)[0] == 0
    count = messages[verb]

    cases = [(at, how) for at in range(1, count + 1) for how in BREAKS]
    for at, how in random.sample(cases, SAMPLE) if SAMPLE else cases:
        what, when = how.split()
        process = project.start(store, verb, **through)
        proxy.arm(at, when, process.kill if what == "kill" else lambda: None)
        broken, _ = process.communicate(timeout=60)
        proxy.arm(-1, "", lambda: None)

        code, said = project.run(store, verb, **through)

        assert code == 0, f"{how} {at} of {count}: {said}\nafter {broken}"
        assert look() == undisturbed[verb], f"{how} {at} of {count}"
        assert project.run(store, other(verb), **through)[0] == 0
        assert look() == undisturbed[other(verb)], f"{how} {at} of {count}, and back"


@pytest.mark.parametrize("verb", ["upgrade", "downgrade"])
def test_the_other_direction_after_a_half_ends_as_undisturbed(store, verb, project, proxied, look):
    proxy, through = proxied
    assert project.run(store, "upgrade", **through)[0] == 0
    top = look()
    proxy.arm(-1, "", lambda: None)
    assert project.run(store, "downgrade", **through)[0] == 0
    bottom, count = look(), proxy.seen
    ends = {"upgrade": top, "downgrade": bottom}

    for _ in range(SAMPLE or count):
        assert project.run(store, other(verb), **through)[0] == 0
        process = project.start(store, verb, **through)
        proxy.arm(at := random.randint(1, count), "after", process.kill)
        process.communicate(timeout=60)
        proxy.arm(-1, "", lambda: None)

        code, said = project.run(store, other(verb), **through)

        assert code == 0, f"killed at {at}: {said}"
        assert look() == ends[other(verb)], f"killed at {at}"
