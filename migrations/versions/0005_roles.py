"""Let Debezium and ClickHouse in, each with just what it needs."""

from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.create_role("debezium", version=1)
    op.create_role("clickhouse", version=1)


def downgrade() -> None:
    op.drop_role("clickhouse")
    op.drop_role("debezium")
