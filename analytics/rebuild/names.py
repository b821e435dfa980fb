"""What a rebuild calls the objects that it makes beside those that it is about."""

from __future__ import annotations

LIVE = "__live"  # takes the rows that come while history is computed
NEW = "__new"  # the table as it will be; a view that feeds a __live table
PREVIOUS = "__prev"  # the former version, kept alive for the way back
SNAPSHOT = "__snapshot"  # a source's rows as they were at the start
SINCE = "__since"  # a source's rows that have come after it
SINCE_VIEW = "__since_mv"
CUT = "__cut"  # of a table that takes rows: as it is when it is verified
CHECK = "__check"  # the same, computed anew from the source
PROBE = "__probe"  # a view for asking the server what a SELECT means
CHUNK = "__chunk_"  # the history out of one chunk of a source

ASKED = (PROBE, CUT, CHECK)
"""Made to answer a question: no row flows through them."""
MARK = "made to answer a question of a rebuild"
"""Their comment: what carries it anybody may drop."""
MADE = (LIVE, NEW, SNAPSHOT, SINCE, SINCE_VIEW, CUT, CHECK, PROBE)


def chunk(table: str, number: int) -> str:
    """The table that takes what a chunk gives for a table."""
    return f"{table}{CHUNK}{number}"


def is_made(name: str) -> bool:
    """Whether it is an object that a rebuild makes and takes away again."""
    return name.endswith(MADE) or (CHUNK in name and name.rpartition("_")[2].isdigit())


def is_previous(name: str) -> bool:
    """Whether it is a former version."""
    return name.endswith(PREVIOUS)


def is_ours(name: str) -> bool:
    """Whether a rebuild has made it."""
    return is_made(name) or is_previous(name)
