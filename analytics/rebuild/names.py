"""The names of the objects that a rebuild creates beside those of the chain."""

from __future__ import annotations

from collections.abc import Collection, Iterable

SHAPE = "__shape"  # an empty table as it will be
NEW = "__new"  # the table as it will be, with its rows
PREVIOUS = "__prev"  # the previous version, kept up to date for the downgrade
SNAPSHOT = "__snapshot"  # a source's rows as they were at the start
SERVED = "__served"  # a table's rows at the moment of the snapshot
SINCE = "__since"  # a source's rows that have come after it, and are not in a batch yet
SINCE_VIEW = "__since_mv"
CUT = "__cut"  # of a table that receives rows: its rows at the moment of the verification
CHECK = "__check"  # the same, computed a second time from the source
KEPT = "__kept"  # rows that serve, and that no source makes again
PROBE = "__probe"  # a view that asks the server for the meaning of a SELECT
CHUNK = "__chunk_"  # the rows of a table that one chunk of a source, or one batch, gives

ASKED = (PROBE, CUT, CHECK, KEPT)
"""The suffixes of objects that only answer a question: no row flows through them."""
MARK = "made to answer a question of a rebuild"
"""The comment on these: every run may drop an object that has it."""


def chunk(table: str, number: int) -> str:
    """The table for the rows that a chunk gives for a table."""
    return f"{table}{CHUNK}{number}"


def batch(source: str, number: int) -> str:
    """The table for a source's rows of one batch."""
    return f"{source}{SINCE}_{number}"


def is_batch(name: str, sources: Collection[str]) -> bool:
    """Whether it is the table of a batch for one of these sources."""
    source, _, number = name.rpartition(f"{SINCE}_")
    return source in sources and number.isdigit()


def is_chunk(name: str, tables: Collection[str]) -> bool:
    """Whether it is the table of a chunk for one of these tables."""
    table, _, number = name.rpartition(CHUNK)
    return table in tables and number.isdigit()


def made(tables: Iterable[str], views: Iterable[str], sources: Iterable[str]) -> dict[str, str]:
    """Every object but the chunks that a rebuild of a chain may create, with its kind."""
    of_views = dict.fromkeys((f"{view}{PROBE}" for view in views), "VIEW")
    of_tables = (f"{t}{suffix}" for t in tables for suffix in (SHAPE, NEW, *ASKED, SERVED))
    of_sources = [f"{s}{suffix}" for s in sources for suffix in (SNAPSHOT, SINCE, CUT, SINCE_VIEW)]
    is_view = {name: "VIEW" for name in of_sources if name.endswith(SINCE_VIEW)}
    return of_views | dict.fromkeys((*of_tables, *of_sources), "TABLE") | is_view
