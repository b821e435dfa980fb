"""Keep every message as it comes.

A downgrade loses the messages; those that the topic still holds are read again after an upgrade.
"""

from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_object("raw_events", version=1)


def downgrade() -> None:
    op.drop_object("raw_events")
