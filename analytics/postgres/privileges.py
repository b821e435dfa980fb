"""The privileges of a role in PostgreSQL: which it lacks, and the statement that gives each."""

from __future__ import annotations

from collections.abc import Collection

import psycopg

IS_16 = "current_setting('server_version_num')::integer >= 160000"
KINDS = {
    "REPLICATION": ("rolreplication", "ALTER ROLE %1$I REPLICATION"),
    "CREATEROLE": ("rolcreaterole", "ALTER ROLE %1$I CREATEROLE"),
    "SUPERUSER before PostgreSQL 16": (IS_16, "ALTER ROLE %1$I SUPERUSER"),
    "CREATE on the database": (
        "has_database_privilege(current_database(), 'CREATE')",
        "GRANT CREATE ON DATABASE %2$I TO %1$I",
    ),
    "owner of table": (
        "(SELECT pg_has_role(relowner, 'USAGE') FROM pg_class WHERE oid = to_regclass(object))",
        "ALTER TABLE %3$s OWNER TO %1$I",
    ),
    "owner of publication": (
        "(SELECT pg_has_role(pubowner, 'USAGE') FROM pg_publication WHERE pubname = object)",
        "ALTER PUBLICATION %3$s OWNER TO %1$I",
    ),
    "ADMIN OPTION on role": (
        f"(SELECT NOT {IS_16} OR pg_has_role(given.oid, 'USAGE WITH ADMIN OPTION')\n"
        "        FROM pg_roles AS given WHERE given.rolname = object)",
        "GRANT %3$s TO %1$I WITH ADMIN OPTION",
    ),
}
"""Whether the row `pg_roles` of the own role has it, and the statement that gives it."""

WANTED = """
SELECT privilege, format(statement, current_user, current_database(), object)
FROM unnest(%s::text[], %s::text[], %s::text[], %s::text[])
    AS wanted(privilege, kind, object, statement)
JOIN pg_roles ON rolname = current_user AND NOT rolsuper
WHERE NOT coalesce(CASE kind {cases} END, true)"""


def of(kind: str, name: str = "") -> str:
    """A privilege of one of `KINDS` as text, on the object of that name."""
    return f"{kind} {name}".rstrip()


def missing(connection: psycopg.Connection, wanted: Collection[str]) -> dict[str, str]:
    """The privileges that the role of a connection lacks, each with the statement that gives it.

    What does not exist yet is no obstacle: a step before makes it, and it is the role's own then.
    """
    kinds = [next(kind for kind in KINDS if each.startswith(kind)) for each in wanted]
    objects = [each[len(kind) :].strip() for each, kind in zip(wanted, kinds, strict=True)]
    cases = "".join(f"\n    WHEN '{kind}' THEN {holds}" for kind, (holds, _) in KINDS.items())
    statements = [KINDS[kind][1] for kind in kinds]
    query = WANTED.format(cases=cases).encode()
    return dict(connection.execute(query, [list(wanted), kinds, objects, statements]).fetchall())
