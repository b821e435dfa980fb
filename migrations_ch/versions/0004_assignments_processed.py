"""Make structured assignments out of messages.

A downgrade loses the assignments; the messages stay, as with events.
"""

from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.create_object("assignments_processed", version=1)
    op.create_object("assignments_processor_mv", version=1)


def downgrade() -> None:
    op.drop_object("assignments_processor_mv")
    op.drop_object("assignments_processed")
