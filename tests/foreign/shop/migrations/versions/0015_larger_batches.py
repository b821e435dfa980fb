"""Read the outbox in larger batches."""

from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    op.register_connector("orders", version=2)


def downgrade() -> None:
    op.register_connector("orders", version=1)
