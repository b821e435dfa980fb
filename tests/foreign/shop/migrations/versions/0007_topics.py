"""Make a topic for orders and one for payments.

A downgrade deletes them with every message in them.
"""

from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.create_topic("${topic}", partitions=3)
    op.create_topic("${payments_topic}", partitions=2)


def downgrade() -> None:
    op.drop_topic("${payments_topic}")
    op.drop_topic("${topic}")
