"""Publish events, the outbox and Debezium's own tables."""

from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.create_publication(
        "${publication}",
        tables=[
            "experiments.events",
            "experiments.outbox",
            "experiments.debezium_signal",
            "experiments.debezium_heartbeat",
        ],
    )


def downgrade() -> None:
    op.drop_publication("${publication}")
