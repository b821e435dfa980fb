"""Carry the changes to Kafka."""

from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.register_connector("experiments", version=1)


def downgrade() -> None:
    op.remove_connector("experiments")
