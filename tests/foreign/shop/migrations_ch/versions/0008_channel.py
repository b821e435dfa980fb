"""Leave room for the channel of each line."""

from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.execute(
        "ALTER TABLE order_lines ADD COLUMN IF NOT EXISTS "
        "channel LowCardinality(String) DEFAULT 'web:100%'"
    )


def downgrade() -> None:
    op.execute("ALTER TABLE order_lines DROP COLUMN IF EXISTS channel")
