"""Keep every change from here on until Debezium has read it."""

from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.create_replication_slot("${slot}")


def downgrade() -> None:
    op.drop_replication_slot("${slot}")
