"""Keep every payment until it has been read."""

from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    op.create_replication_slot("${slot}_payments")


def downgrade() -> None:
    op.drop_replication_slot("${slot}_payments")
