"""Keep what could not be used, with the reason.

A downgrade loses the list of rejected messages; the messages stay.
"""

from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.create_object("rejected_messages", version=1)
    op.create_object("rejected_messages_mv", version=1)


def downgrade() -> None:
    op.drop_object("rejected_messages_mv")
    op.drop_object("rejected_messages")
