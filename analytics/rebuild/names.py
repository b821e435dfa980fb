"""The names of the objects that a rebuild creates beside those of the chain."""

from __future__ import annotations

LIVE = "__live"  # receives the rows that come while history is computed
NEW = "__new"  # the table as it will be; a view that feeds a __live table
PREVIOUS = "__prev"  # the previous version, kept up to date for the downgrade
SNAPSHOT = "__snapshot"  # a source's rows as they were at the start
SINCE = "__since"  # a source's rows that have come after it
SINCE_VIEW = "__since_mv"
CUT = "__cut"  # of a table that receives rows: its rows at the moment of the verification
CHECK = "__check"  # the same, computed a second time from the source
PROBE = "__probe"  # a view that asks the server for the meaning of a SELECT
CHUNK = "__chunk_"  # the history that one chunk of a source gives

ASKED = (PROBE, CUT, CHECK)
"""The suffixes of objects that only answer a question: no row flows through them."""
MARK = "made to answer a question of a rebuild"
"""The comment on these: every run may drop an object that has it."""
MADE = (LIVE, NEW, SNAPSHOT, SINCE, SINCE_VIEW, CUT, CHECK, PROBE)


def chunk(table: str, number: int) -> str:
    """The table for the rows that a chunk gives for a table."""
    return f"{table}{CHUNK}{number}"


def is_made(name: str) -> bool:
    """Whether it is an object that a rebuild creates and drops again."""
    return name.endswith(MADE) or (CHUNK in name and name.rpartition("_")[2].isdigit())


def is_previous(name: str) -> bool:
    """Whether it is a previous version."""
    return name.endswith(PREVIOUS)


def is_ours(name: str) -> bool:
    """Whether a rebuild has created it."""
    return is_made(name) or is_previous(name)
