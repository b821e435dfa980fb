"""Follow users from their assignment to their conversion."""

from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    op.create_object("user_timelines", version=1)
    op.create_object("user_sessions", version=1)
    op.create_object("user_journey_analysis", version=1)
    op.create_object("journey_funnel", version=1)


def downgrade() -> None:
    op.drop_object("journey_funnel")
    op.drop_object("user_journey_analysis")
    op.drop_object("user_sessions")
    op.drop_object("user_timelines")
