"""Count by the day.

A downgrade loses the days; they are counted again from the messages that come after an upgrade.
"""

from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    op.create_object("experiment_daily_stats", version=1)
    op.create_object("daily_stats_mv", version=1)


def downgrade() -> None:
    op.drop_object("daily_stats_mv")
    op.drop_object("experiment_daily_stats")
