"""Sum up sales by the hour and by the day."""

from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.create_object("sales_hourly", version=1)
    op.create_object("sales_hourly_mv", version=1)
    op.create_object("sales_daily", version=1)
    op.create_object("sales_daily_mv", version=1)


def downgrade() -> None:
    op.drop_object("sales_daily_mv")
    op.drop_object("sales_daily")
    op.drop_object("sales_hourly_mv")
    op.drop_object("sales_hourly")
