"""Leave bots out of the hourly and daily counts.

A downgrade puts the former counts back, with what has come since.
"""

from alembic import op

revision = "0018"
down_revision = "0017"

WHY = "they count what came; versions of an event that events_processed has merged are gone"


def upgrade() -> None:
    op.allow_loss("experiment_hourly_stats", WHY)
    op.allow_loss("experiment_daily_stats", WHY)
    op.rebuild_view("hourly_stats_mv", version=2)


def downgrade() -> None:
    op.allow_loss("experiment_hourly_stats", WHY)
    op.allow_loss("experiment_daily_stats", WHY)
    op.rebuild_view("hourly_stats_mv", version=1)
