"""The experiments schema as SQLAlchemy metadata: what `alembic check` compares with."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    ForeignKey,
    ForeignKeyConstraint,
    Identity,
    Index,
    Integer,
    MetaData,
    Numeric,
    String,
    Table,
    Text,
    UniqueConstraint,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB, UUID

SCHEMA = "experiments"
NAMING = {
    "ix": "%(table_name)s_%(column_0_N_name)s_idx",
    "uq": "%(table_name)s_%(column_0_N_name)s_key",
    "ck": "%(table_name)s_%(constraint_name)s_check",
    "fk": "%(table_name)s_%(column_0_N_name)s_fkey",
    "pk": "%(table_name)s_pkey",
}
EMPTY = text("'{}'::jsonb")
NEW_ID = text("gen_random_uuid()")

metadata = MetaData(schema=SCHEMA, naming_convention=NAMING)


def moment(name: str, *, nullable: bool = False) -> Column[object]:
    """A point in time; one that must be there is now() unless the application says otherwise."""
    default = None if nullable else func.now()
    return Column(name, DateTime(timezone=True), nullable=nullable, server_default=default)


experiments = Table(
    "experiments",
    metadata,
    Column("id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("status", Text, nullable=False, server_default="draft"),
    moment("started_at", nullable=True),
    moment("ended_at", nullable=True),
    moment("created_at"),
    moment("updated_at"),
    CheckConstraint("status IN ('draft', 'running', 'paused', 'completed')", name="status"),
)

variants = Table(
    "variants",
    metadata,
    Column("experiment_id", Text, ForeignKey(experiments.c.id), primary_key=True),
    Column("id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("is_control", Boolean, nullable=False, server_default=text("false")),
    Column("allocation", Numeric, nullable=False),
    CheckConstraint("allocation >= 0", name="allocation"),
    Index("variants_one_control", "experiment_id", unique=True, postgresql_where="is_control"),
)

users = Table(
    "users",
    metadata,
    Column("id", Text, primary_key=True),
    Column("country", Text),
    Column("attributes", JSONB, nullable=False, server_default=EMPTY),
    moment("created_at"),
)

assignments = Table(
    "assignments",
    metadata,
    Column("id", UUID, primary_key=True, server_default=NEW_ID),
    Column("experiment_id", Text, nullable=False),
    Column("user_id", Text, ForeignKey(users.c.id), nullable=False),
    Column("variant_id", Text, nullable=False),
    moment("assigned_at"),
    Column("context", JSONB, nullable=False, server_default=EMPTY),
    UniqueConstraint("experiment_id", "user_id"),
    ForeignKeyConstraint(
        ["experiment_id", "variant_id"], [variants.c.experiment_id, variants.c.id]
    ),
    Index(None, "user_id"),
)

events = Table(
    "events",
    metadata,
    Column("id", UUID, primary_key=True, server_default=NEW_ID),
    Column("experiment_id", Text, nullable=False),
    Column("user_id", Text, nullable=False),
    Column("variant_id", Text, nullable=False),
    Column("event_type", Text, nullable=False),
    moment("timestamp"),
    moment("assignment_at", nullable=True),
    Column("session_id", Text),
    Column("properties", JSONB, nullable=False, server_default=EMPTY),
    Index(None, "experiment_id", "user_id"),
)

outbox = Table(
    "outbox",
    metadata,
    Column("id", UUID, primary_key=True, server_default=NEW_ID),
    Column("seq", BigInteger, Identity(always=True), nullable=False),
    Column("aggregatetype", Text, nullable=False),
    Column("aggregateid", Text, nullable=False),
    Column("type", Text, nullable=False),
    Column("payload", JSONB, nullable=False),
    moment("occurred_at"),
    Index(None, "occurred_at"),
)

debezium_signal = Table(
    "debezium_signal",
    metadata,
    Column("id", String(42), primary_key=True),
    Column("type", String(32), nullable=False),
    Column("data", String(2048)),
)

debezium_heartbeat = Table(
    "debezium_heartbeat",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("ts", DateTime(timezone=True), nullable=False),
)
