"""The procedure as a script for `--sql`, to be run by hand, step by step.

No server is asked: what is below the view is a query in the script; the valve, the views of the
Kafka table and some clauses are names in angle brackets.
"""

from __future__ import annotations

import re
from itertools import pairwise

from analytics.clickhouse.definition import Definition
from analytics.rebuild import names
from analytics.rebuild.labels import Read
from analytics.rebuild.outline import Goal
from analytics.sql.tokens import literal, tokens, unquoted

LIVE = "__live"  # by hand, new rows flow through a view

REBUILD = """\
-- {title}: by hand, step by step.
-- Every view that reads from {target} is rebuilt in the same way, with its target, from the top
-- downwards; so is every other view that writes to {target}. They are:
SELECT name, dependencies_table FROM system.tables
WHERE database = currentDatabase() AND notEmpty(dependencies_table);

-- 1. Beside the table: one table for new rows, one for history. No rows flow yet.
{tables}

-- 2. Hold ingest. <valve> is the Null table behind the Kafka table, <landing view> each other view
--    of the Kafka table. Without a Kafka table leave these lines out, and insert nothing meanwhile.
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

-- 3. History. If it fails: TRUNCATE TABLE {target}{new}, and run it again. For chunks, put the
--    condition into a subquery in the place of {source}{snapshot}, not into the view's own text.
--    <columns>: SELECT name FROM system.columns WHERE table = '{view}{new}'.
INSERT INTO {target}{new} (<columns>)
SELECT <columns> FROM
(
{fed}
);

{kept}-- 4. Compare {target}{new} and {target}{live} together with the SELECT over {source},
--    every column of every key, before a reader sees them.

-- 5. Hold ingest as in 2, but DETACH TABLE <valve> PERMANENTLY. Then all of:
ALTER TABLE {target}{new} ATTACH PARTITION ALL FROM {target}{live};
DROP VIEW {view}{new};
DROP VIEW {view};
EXCHANGE TABLES {target} AND {target}{new};
RENAME TABLE {target}{new} TO {target}{previous};
{final};
--    and the previous view, so that the downgrade is another exchange:
--    CREATE MATERIALIZED VIEW {view}{previous} TO {target}{previous} AS <its previous SELECT>
ATTACH TABLE <landing view>;
ATTACH TABLE <valve>;

-- 6. Drop what is not needed any more.
DROP TABLE {target}{live};
DROP TABLE {source}{snapshot};"""

KEPT = """\
--    Then copy the rows of {table} whose keys the SELECT over its source does not make into
--    {table}{new}, before what is fed from it is computed.

"""

FORGET = """\
-- drop the previous version that the last rebuild of {view} has kept: views first, while ingest is
-- held
SELECT if(engine = 'MaterializedView', 'DROP VIEW ', 'DROP TABLE ') || name || ';'
FROM system.tables
WHERE database = currentDatabase() AND endsWith(name, '{previous}')
ORDER BY engine != 'MaterializedView';"""


def rebuild(title: str, goal: Goal, read: Read) -> str:
    """The script of a rebuild, with the changed definitions; DefinitionError if one is missing."""
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
        kept="".join(KEPT.format(table=table, new=names.NEW) for table in goal.keep),
        final=definition.create(label),
        live=LIVE,
        new=names.NEW,
        snapshot=names.SNAPSHOT,
        previous=names.PREVIOUS,
    )


def forget(view: str) -> str:
    """The query that writes the statements to drop the previous version."""
    return FORGET.format(view=view, previous=names.PREVIOUS)


def change(view: str, definition: Definition, label: str) -> str:
    """The two statements that give a view another query, and the label of its version."""
    return (
        f"ALTER TABLE {view} MODIFY QUERY\n{definition.select};\n"
        f"ALTER TABLE {view} MODIFY COMMENT {literal(label)};"
    )


def _tables(goal: Goal, target: str, read: Read) -> list[str]:
    """The statements for the shadows of a target: as it is, or as its next version makes it."""
    made = [f"{target}{LIVE}", f"{target}{names.NEW}"]
    if target not in goal.versions:
        return [f"CREATE TABLE {name} AS {target};" for name in made]
    definition, label = read(target, goal.versions[target])
    return [f"{definition.named(name).create(label)};" for name in made]


def _source(select: str) -> str:
    """The first table that a SELECT reads from, as it is written."""
    row = list(tokens(select.encode()))
    for word, name in pairwise(row):
        if word.word == "FROM" and name.names:
            return unquoted(name)
    return "<source>"
