"""Carry the outbox to its topic."""

from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    op.register_connector("orders", version=1)


def downgrade() -> None:
    op.remove_connector("orders")
