"""Let Debezium and ClickHouse in."""

from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.create_role("debezium", version=1)
    op.create_role("clickhouse", version=1)


def downgrade() -> None:
    op.drop_role("clickhouse")
    op.drop_role("debezium")
