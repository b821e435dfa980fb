"""Make the topics that Debezium writes to: the broker makes none by itself.

A downgrade deletes them with every message in them.
"""

from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.create_topic("${topic}", partitions=4)
    op.create_topic("__debezium-heartbeat.${namespace}")
    op.create_topic("${namespace}.experiments.debezium_heartbeat")
    op.create_topic("${namespace}.experiments.debezium_signal")
    op.create_topic("${namespace}.message")


def downgrade() -> None:
    op.drop_topic("${namespace}.message")
    op.drop_topic("${namespace}.experiments.debezium_signal")
    op.drop_topic("${namespace}.experiments.debezium_heartbeat")
    op.drop_topic("__debezium-heartbeat.${namespace}")
    op.drop_topic("${topic}")
