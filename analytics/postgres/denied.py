"""Privileges that a server has asked for: the statement that gives what its message names."""

from __future__ import annotations

import re

from analytics.sql.tokens import POSTGRES, scan, unquoted

GIVES = (
    (
        r'the (?P<word>\w+) attribute and the ADMIN option on role "(?P<name>[^"]+)"',
        "ALTER ROLE {user} {word}; GRANT {name} TO {user} WITH ADMIN OPTION",
    ),
    (r'the ADMIN option on role "(?P<name>[^"]+)"', "GRANT {name} TO {user} WITH ADMIN OPTION"),
    (r'privileges of role "(?P<name>[^"]+)"', "GRANT {name} TO {user}"),
    (r"roles with the (?P<word>[A-Z]+) attribute", "ALTER ROLE {user} {word}"),
    (r"superuser or replication role", "ALTER ROLE {user} REPLICATION"),
    (r"must be superuser", "ALTER ROLE {user} SUPERUSER"),
    (r"denied to (?:create|drop) role|must have admin option", "ALTER ROLE {user} CREATEROLE"),
    (r"owner of (?:table|relation) (?P<name>\S+)", "ALTER TABLE {name} OWNER TO {user}"),
    (r"owner of (?P<word>[a-z ]+) (?P<name>\S+)", "ALTER {word} {name} OWNER TO {user}"),
    (r"denied for database (?P<name>\S+)", "GRANT CREATE ON DATABASE {name} TO {user}"),
    (r"denied for schema (?P<name>\S+)", "GRANT USAGE, CREATE ON SCHEMA {name} TO {user}"),
    (r"denied for (?P<word>[a-z]+) (?P<name>\S+)", "GRANT ALL ON {word} {name} TO {user}"),
)
"""The words of PostgreSQL 15 to 18, and the statement; the first that match count."""


def remedy(message: str, user: str, *, sent: str = "") -> str | None:
    """The statement for a message, to be sent by an owner or a superuser; None if it names none.

    The message has no schema: that of a table is read from the statement that was sent.
    """
    for words, statement in GIVES:
        if found := re.search(words, message):
            parts = found.groupdict()
            word, name = parts.get("word", "").upper(), _written(parts.get("name", ""), sent)
            return statement.format(word=word, name=name, user=named(user))
    return None


def _written(name: str, sent: str) -> str:
    """A name as the statement has it, with its schema; else by itself."""
    row = tuple(scan(POSTGRES, sent.encode()))
    for schema, dot, each in zip(row, row[1:], row[2:], strict=False):
        if dot.text == b"." and unquoted(each) == name:
            return (schema.text + dot.text + each.text).decode()
    return named(name)


def named(name: str) -> str:
    """A name as statements need it: in quotes if it is no plain word."""
    if re.fullmatch(r"[a-z_][a-z0-9_$]*", name):
        return name
    return '"' + name.replace('"', '""') + '"'
