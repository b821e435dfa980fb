"""Count by the hour.

A downgrade loses the hours; they are counted again from the messages that come after an upgrade.
"""

from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.create_object("experiment_hourly_stats", version=1)
    op.create_object("hourly_stats_mv", version=1)


def downgrade() -> None:
    op.drop_object("hourly_stats_mv")
    op.drop_object("experiment_hourly_stats")
