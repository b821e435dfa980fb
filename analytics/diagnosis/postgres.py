"""The known errors of PostgreSQL, as it and its clients word them."""

from __future__ import annotations

from analytics.diagnosis.known import Known

KNOWN = (
    Known(
        r"password authentication failed|no password (?:was provided|supplied)",
        "PostgreSQL refuses its user",
        "correct the password that the worker, or the URL, gives",
    ),
    Known(
        r"no pg_hba\.conf entry|pg_hba\.conf rejects",
        "PostgreSQL does not let this role connect from this host",
        "add a line for both to pg_hba.conf (database replication, too), and SELECT "
        "pg_reload_conf()",
    ),
    Known(
        r'role "[^"]+" does not exist',
        "there is no such role in PostgreSQL",
        "create it in an earlier revision: op.create_role()",
    ),
    Known(
        r'role "[^"]+" is not permitted to log in',
        "the role has no LOGIN",
        "ALTER ROLE ... LOGIN",
    ),
    Known(
        r'database "[^"]+" does not exist',
        "there is no such database in PostgreSQL",
        "correct database.dbname, or the URL",
    ),
    Known(
        r"too many connections for|remaining connection slots are reserved|too many clients",
        "PostgreSQL takes no more connections",
        "end idle sessions, or raise max_connections or the role's CONNECTION LIMIT",
        lasts=False,
    ),
    Known(
        r"must be superuser or replication role|permission denied to (?:start WAL sender|use rep)",
        "its role may not read a slot",
        "ALTER ROLE ... REPLICATION",
    ),
    Known(
        r"permission denied for (?:table|schema|relation|database|sequence|function)",
        "its role lacks a grant in PostgreSQL",
        "GRANT what is named to its role",
    ),
    Known(
        r"must be owner of",
        "only the owner may do this in PostgreSQL",
        "run it as the owner, or ALTER ... OWNER TO",
    ),
    Known(
        r"can no longer (?:get changes|access|be accessed)|has been invalidated"
        r"|cannot be acquired|exceeded the maximum reserved size",
        "its slot is lost: the server has removed WAL that it had not read",
        "drop the slot, create it again, and send the rows again that were written since",
    ),
    Known(
        r"replication slot \S+ does not exist",
        "its slot is gone",
        "create it in a revision: op.create_replication_slot(), and send missing rows again",
    ),
    Known(
        r"replication slot \S+ is active for PID",
        "another reader holds its slot",
        "end that reader: SELECT pg_terminate_backend(PID)",
        lasts=False,
    ),
    Known(
        r"replication slot \S+ already exists",
        "there is a slot of that name already",
        "drop it if nobody reads it: SELECT pg_drop_replication_slot(...), or use another name",
    ),
    Known(
        r"all replication slots are in use",
        "the server has no slot left",
        "drop those that nobody reads (`analytics connectors`), or raise max_replication_slots and "
        "restart it",
    ),
    Known(
        r"exceeds max_wal_senders|number of requested standby connections",
        "the server has no WAL sender left",
        "end readers that nobody needs, or raise max_wal_senders and restart it",
    ),
    Known(
        r"logical decoding requires .?wal_level|wal_level property must be",
        "the server does not write what logical decoding needs",
        "ALTER SYSTEM SET wal_level = logical, and restart it",
    ),
    Known(
        r"publication \S+ does not exist",
        "its publication is gone",
        "create it in a revision: op.create_publication()",
    ),
    Known(
        r"does not have a replica identity and publishes",
        "a table that is published has no key for its updates and deletes",
        "ALTER TABLE ... REPLICA IDENTITY FULL, or give it a primary key",
    ),
    Known(
        r'relation "[^"]+" does not exist',
        "there is no such table in PostgreSQL",
        "create it, or correct the name in the definition",
    ),
    Known(
        r"the database system is (?:starting up|shutting down|in recovery|not yet accepting)",
        "PostgreSQL is not ready",
        "wait until it is, and run the same command again",
        lasts=False,
    ),
    Known(
        r"canceling statement due to lock timeout|deadlock detected",
        "another session holds a lock that it needs",
        "end that session, or run the same command again later",
        lasts=False,
    ),
    Known(
        r"canceling statement due to statement timeout",
        "a statement took longer than statement_timeout",
        "raise it for this role: ALTER ROLE ... SET statement_timeout",
        lasts=False,
    ),
    Known(
        r"cannot execute \w[\w ]* in a read-only transaction|recovery is in progress",
        "this is a standby, or is read-only",
        "connect to the primary",
    ),
    Known(
        r"could not translate host name|UnknownHostException|Name or service not known",
        "there is no host of that name",
        "correct the host in the definition, or in the URL",
    ),
)
