"""Attribute conversions, follow cohorts, and show behaviour, revenue and traffic."""

from alembic import op

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    op.create_object("conversion_attribution", version=1)
    op.create_object("cohort_analysis", version=1)
    op.create_object("behavior_heatmap", version=1)
    op.create_object("revenue_daily", version=1)
    op.create_object("traffic_allocation", version=1)


def downgrade() -> None:
    op.drop_object("traffic_allocation")
    op.drop_object("revenue_daily")
    op.drop_object("behavior_heatmap")
    op.drop_object("cohort_analysis")
    op.drop_object("conversion_attribution")
