"""Make structured events out of messages.

A downgrade loses the events; the messages stay, but only those that come after an upgrade are
read again.
"""

from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_object("events_processed", version=1)
    op.create_object("events_processor_mv", version=1)


def downgrade() -> None:
    op.drop_object("events_processor_mv")
    op.drop_object("events_processed")
