"""Land what is announced, and keep each order as it is now."""

from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_object("inbox", version=1)
    op.create_object("orders", version=1)
    op.create_object("orders_mv", version=1)
    op.create_object("events_hourly", version=1)
    op.create_object("events_hourly_mv", version=1)


def downgrade() -> None:
    op.drop_object("events_hourly_mv")
    op.drop_object("events_hourly")
    op.drop_object("orders_mv")
    op.drop_object("orders")
    op.drop_object("inbox")
