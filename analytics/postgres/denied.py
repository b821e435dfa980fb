"""Privileges that a server has asked for: the statement that gives what its message names."""

from __future__ import annotations

import re

GIVES = (
    (
        r'the (\w+) attribute and the ADMIN option on (?:the )?role(?: "([^"]+)")?',
        "ALTER ROLE {user} {0}; GRANT {1} TO {user} WITH ADMIN OPTION",
    ),
    (r'the ADMIN option on role "([^"]+)"', "GRANT {0} TO {user} WITH ADMIN OPTION"),
    (r'privileges of role "([^"]+)"', "GRANT {0} TO {user}"),
    (r"roles with the ([A-Z]+) attribute", "ALTER ROLE {user} {0}"),
    (r"superuser or replication role", "ALTER ROLE {user} REPLICATION"),
    (r"must be superuser", "ALTER ROLE {user} SUPERUSER"),
    (r"denied to (?:create|drop) role|must have admin option", "ALTER ROLE {user} CREATEROLE"),
    (r"must be owner of (?:table|relation) (\S+)", "ALTER TABLE {0} OWNER TO {user}"),
    (r"must be owner of ([a-z ]+) (\S+)", "ALTER {0} {1} OWNER TO {user}"),
    (r"denied for database (\S+)", "GRANT CREATE ON DATABASE {0} TO {user}"),
    (r"denied for schema (\S+)", "GRANT USAGE, CREATE ON SCHEMA {0} TO {user}"),
    (r"denied for (table|sequence|function) (\S+)", "GRANT ALL ON {0} {1} TO {user}"),
)
"""The words of PostgreSQL 15 to 18, and the statement; {0} and {1} are what the words name."""


def remedy(message: str, user: str) -> str | None:
    """The statement for a message, to be sent by the owner or a superuser; None if it names none.

    The message has no schema: where the search path does not lead to a table, put it in.
    """
    for words, statement in GIVES:
        if found := re.search(words, message):
            names = [each if each and each.isupper() else named(each) for each in found.groups()]
            return statement.format(*names, user=named(user))
    return None


def named(name: str | None) -> str:
    """A name as statements need it: in quotes if it is no plain word."""
    if name is None:
        return "<role>"
    if re.fullmatch(r"[a-z_][a-z0-9_$]*", name):
        return name
    return '"' + name.replace('"', '""') + '"'
