"""Read the topic of orders more often."""

from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    op.recreate_kafka_table("orders_queue", version=2)


def downgrade() -> None:
    op.recreate_kafka_table("orders_queue", version=1)
