"""Keep what is known of each user in an experiment.

A downgrade loses it; it is gathered again from the messages that come after an upgrade.
"""

from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    op.create_object("user_experiment_stats", version=1)
    op.create_object("user_stats_mv", version=1)
    op.create_object("user_assignments_mv", version=1)


def downgrade() -> None:
    op.drop_object("user_assignments_mv")
    op.drop_object("user_stats_mv")
    op.drop_object("user_experiment_stats")
