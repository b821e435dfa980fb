"""What there is in both stores and around them, as one value that can be compared."""

from __future__ import annotations

import re

from analytics.kafka import topics
from analytics.kafka.connect import Connect
from analytics.settings import brokers

POSTGRES = {
    "schemas": "SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_|^information_schema$'",
    "relations": """
        SELECT c.oid::regclass::text, c.relkind::text, c.relreplident::text,
            (SELECT array_agg(g.grantee::regrole || ' ' || g.privilege_type ORDER BY g)
             FROM aclexplode(c.relacl) AS g WHERE g.grantee != c.relowner)
        FROM pg_class AS c
        WHERE c.relnamespace::regnamespace::text NOT IN ('pg_catalog', 'information_schema',
            'pg_toast') AND c.relname !~ '^(alembic_version|analytics_(journal|releases))'""",
    "columns": """
        SELECT table_schema, table_name, column_name, data_type, is_nullable, column_default
        FROM information_schema.columns
        WHERE table_schema NOT IN ('pg_catalog', 'information_schema')
          AND table_name !~ '^(alembic_version|analytics_(journal|releases))'""",
    "constraints": """
        SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid)
        FROM pg_constraint WHERE conname !~ '^(alembic_version|analytics_(journal|releases))'
            AND connamespace::regnamespace::text NOT IN ('pg_catalog', 'information_schema')""",
    "enums": "SELECT enumtypid::regtype::text, enumlabel, enumsortorder FROM pg_enum",
    "functions": """
        SELECT oid::regprocedure::text, prosrc FROM pg_proc
        WHERE pronamespace::regnamespace::text NOT IN ('pg_catalog', 'information_schema')""",
    "triggers": "SELECT tgrelid::regclass::text, pg_get_triggerdef(oid) FROM pg_trigger "
    "WHERE NOT tgisinternal",
    "publications": "SELECT pubname, schemaname, tablename FROM pg_publication_tables",
    "slots": "SELECT slot_name, plugin FROM pg_replication_slots "
    "WHERE database = current_database()",
    "roles": "SELECT rolname, rolreplication, rolcanlogin FROM pg_roles "
    "WHERE rolname LIKE current_database() || '%'",
}
CLICKHOUSE = {
    "tables": "SELECT name, engine, create_table_query FROM system.tables "
    "WHERE database = currentDatabase() "
    "AND NOT match(name, '^alembic_version|^analytics_(journal|rebuilds)')",
    "collections": "SELECT name, collection FROM system.named_collections "
    "WHERE startsWith(name, currentDatabase())",
    "functions": "SELECT name, create_query FROM system.functions WHERE origin = 'SQLUserDefined'",
}


def postgres(databases, stack):
    """Everything of ours in PostgreSQL, Kafka and Connect."""
    name = databases.name
    with databases.postgres() as connection:
        found = {part: sorted(map(str, connection.execute(q))) for part, q in POSTGRES.items()}
    with topics.admin(brokers.of(stack)) as client:
        there = {t: topics.partitions(client, t) for t in client.list_topics() if name in t}
    connect = Connect(stack.need("connect_url"))
    connectors = {c: connect.get(f"/connectors/{c}/config") for c in connect.get("/connectors")}
    ours = {c: config for c, config in connectors.items() if c.startswith(name)}
    return found | {"topics": there, "connectors": ours}


def clickhouse(databases, stack):
    """Everything of ours in ClickHouse, and its consumer groups."""
    found = {
        part: sorted(_plain("\t".join(row)) for row in rows)
        for part, rows in ((p, databases.clickhouse(q)) for p, q in CLICKHOUSE.items())
    }
    with topics.admin(brokers.of(stack)) as client:
        groups = [g["group_id"] for g in client.list_groups() if databases.name in g["group_id"]]
    return found | {"groups": groups}


def _plain(created):
    """Without what differs from time to time: a UUID, and a primary key that is the sorting key.

    ClickHouse writes the latter out once the sorting key has been longer.
    """
    without = re.sub(r"UUID '[^']*'", "", created)
    return re.sub(r"PRIMARY KEY (\([^()]*\)) (?=ORDER BY \1)", "", without)
