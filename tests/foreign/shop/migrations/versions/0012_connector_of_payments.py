"""Carry the payments to their topic."""

from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    op.register_connector("payments", version=1)


def downgrade() -> None:
    op.remove_connector("payments")
