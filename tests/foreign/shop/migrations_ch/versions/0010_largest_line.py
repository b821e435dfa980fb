"""Keep the largest line, and the days by category, too."""

from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    op.drop_object("revenue_report")
    op.rebuild_view(
        "sales_hourly_mv",
        version=3,
        also={"sales_hourly": 2, "sales_daily": 2, "sales_daily_mv": 2},
    )
    op.create_object("revenue_report", version=2)


def downgrade() -> None:
    op.drop_object("revenue_report")
    op.rebuild_view(
        "sales_hourly_mv",
        version=2,
        also={"sales_hourly": 1, "sales_daily": 1, "sales_daily_mv": 1},
    )
    op.create_object("revenue_report", version=1)
