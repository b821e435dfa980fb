"""Keep the messages of a topic that was deleted when a new one begins at their offsets.

No row is written again: the hash is computed where it is read. After a downgrade a merge leaves
one message for each offset.
"""

from alembic import op

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    op.change_table(
        "raw_events",
        version=2,
        by=[
            "ALTER TABLE raw_events ADD COLUMN IF NOT EXISTS message_hash UInt64, "
            "MODIFY ORDER BY (topic, partition, offset, message_hash)",
            "ALTER TABLE raw_events MODIFY COLUMN message_hash MATERIALIZED cityHash64(message)",
        ],
    )


def downgrade() -> None:
    op.allow_loss("raw_events", "a merge leaves one message for each offset, as before")
    op.change_table(
        "raw_events",
        version=1,
        by=[
            "ALTER TABLE raw_events MODIFY ORDER BY (topic, partition, offset)",
            "ALTER TABLE raw_events DROP COLUMN IF EXISTS message_hash",
        ],
    )
