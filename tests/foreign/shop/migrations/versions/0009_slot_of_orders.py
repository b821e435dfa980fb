"""Keep every announcement until it has been read."""

from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.create_replication_slot("${slot}")


def downgrade() -> None:
    op.drop_replication_slot("${slot}")
