"""Leave bots out of the hourly and daily counts.

A downgrade puts the former counts back, with what has come since.
"""

from alembic import op

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    op.rebuild_view("hourly_stats_mv", version=2)


def downgrade() -> None:
    op.rebuild_view("hourly_stats_mv", version=1)
