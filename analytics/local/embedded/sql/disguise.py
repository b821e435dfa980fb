"""The server's additions to a client's statement, and their removal from all that clients read."""

from __future__ import annotations

import re

from analytics.local.embedded.sql import literals

SUFFIX = "_of_server"
"""Ends the names of the views that stand for tables of the engine."""
FILES = (
    r" INTO OUTFILE '/proc/self/fd/\d+' APPEND$"
    r"|INTO OUTFILE '/proc/self/fd/\d+' APPEND "
    r"| FROM INFILE '/proc/self/fd/\d+' COMPRESSION '\w+' "
    r"|\(in file/uri /proc/self/fd/\d+\): "
)


def into_file(path: str) -> bytes:
    """The clause that sends a result into a file."""
    return f"INTO OUTFILE '{path}' APPEND".encode()


def from_file(path: str, codec: str) -> bytes:
    """The clause that takes an INSERT's data from a file."""
    return f" FROM INFILE '{path}' COMPRESSION '{codec}' ".encode()


def undone(text: str) -> str:
    """The text without our additions."""
    return re.sub(FILES, "", text).replace(SUFFIX, "")


def undone_in_sql(column: str) -> str:
    """The same as an expression of SQL."""
    return f"replaceAll(replaceRegexpOne({column}, {literals.string(FILES)}, ''), '{SUFFIX}', '')"
