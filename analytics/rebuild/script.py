"""The procedure as a script for `--sql`: what a person would do by hand, step by step.

No server is asked, so what hangs below the view, the valve and the partitions are found by the
queries that stand in the script.
"""

from __future__ import annotations

import re
from itertools import pairwise

from analytics.rebuild import names
from analytics.rebuild.labels import Read
from analytics.rebuild.outline import Goal
from analytics.sql.tokens import plain, tokens

REBUILD = """\
-- {title}: by hand, step by step.
-- Every view that reads from {target}, and what it fills, goes along from the top downwards in the
-- same way; so does every other view that writes to {target}. They are:
SELECT name, dependencies_table FROM system.tables
WHERE database = currentDatabase() AND notEmpty(dependencies_table);

-- 1. Beside the table: one for new rows, one for history. Nothing flows yet.
{tables}

-- 2. Hold ingest. <valve> is the Null table behind the Kafka table, <landing view> each other view
--    of the Kafka table. Without a Kafka table leave these lines out, and let nobody insert.
DETACH TABLE <valve>;
DETACH TABLE <landing view> SYNC;
--    A snapshot (links, no copy), and from here on new rows into {target}{live}, too.
--    <clauses>: those of {source}, PARTITION BY to SETTINGS, without TTL.
CREATE TABLE {source}{snapshot} AS {source} ENGINE = MergeTree <clauses>;
ALTER TABLE {source}{snapshot} ATTACH PARTITION ALL FROM {source};
CREATE MATERIALIZED VIEW {view}{new} TO {target}{live} AS
{select};
ATTACH TABLE <landing view>;
ATTACH TABLE <valve>;

-- 3. History. If it fails on its way: TRUNCATE TABLE {target}{new}, and once more. In pieces, put
--    the bound into a subquery in the place of {source}{snapshot}, not into the view's own text.
--    <columns>: SELECT name FROM system.columns WHERE table = '{view}{new}'.
INSERT INTO {target}{new} (<columns>)
SELECT <columns> FROM
(
{fed}
);

-- 4. Compare {target}{new} and {target}{live} together with the SELECT over {source},
--    every column of every key, before anybody sees them.

-- 5. Hold ingest as in 2, but DETACH TABLE <valve> PERMANENTLY. Then all of:
ALTER TABLE {target}{new} ATTACH PARTITION ALL FROM {target}{live};
DROP VIEW {view}{new};
DROP VIEW {view};
EXCHANGE TABLES {target} AND {target}{new};
RENAME TABLE {target}{new} TO {target}{previous};
{final};
--    and the former view, so that the way back is another exchange:
--    CREATE MATERIALIZED VIEW {view}{previous} TO {target}{previous} AS <its former SELECT>
ATTACH TABLE <landing view>;
ATTACH TABLE <valve>;

-- 6. What was needed on the way only.
DROP TABLE {target}{live};
DROP TABLE {source}{snapshot};"""

FORGET = """\
-- drop what the last rebuild of {view} has kept, views first, while ingest is held
SELECT if(engine = 'MaterializedView', 'DROP VIEW ', 'DROP TABLE ') || name || ';'
FROM system.tables
WHERE database = currentDatabase() AND endsWith(name, '{previous}')
ORDER BY engine != 'MaterializedView';"""


def rebuild(title: str, goal: Goal, read: Read) -> str:
    """The script of a rebuild; the definitions that change are written out."""
    definition, label = read(goal.view, goal.versions[goal.view])
    target, select = definition.target or "<target>", definition.select
    source = _source(select)
    return REBUILD.format(
        title=title,
        view=goal.view,
        target=target,
        source=source,
        tables="\n".join(_tables(goal, target, read)),
        select=select,
        fed=re.sub(
            rf"(\bFROM\s+){source}\b",
            rf"\1{source}{names.SNAPSHOT} AS {source}",
            select,
        ),
        final=definition.create(label),
        live=names.LIVE,
        new=names.NEW,
        snapshot=names.SNAPSHOT,
        previous=names.PREVIOUS,
    )


def forget(view: str) -> str:
    """The statements that drop what was kept."""
    return FORGET.format(view=view, previous=names.PREVIOUS)


def _tables(goal: Goal, target: str, read: Read) -> list[str]:
    """The shadows of a target: as it is, or as its next version makes it."""
    made = [f"{target}{names.LIVE}", f"{target}{names.NEW}"]
    if target not in goal.versions:
        return [f"CREATE TABLE {name} AS {target};" for name in made]
    definition, label = read(target, goal.versions[target])
    return [f"{definition.named(name).create(label)};" for name in made]


def _source(select: str) -> str:
    """The first table that a SELECT reads from, as it is written."""
    row = list(tokens(select.encode()))
    for word, name in pairwise(row):
        if word.word == "FROM" and name.names:
            return plain(name.text.decode())
    return "<source>"
