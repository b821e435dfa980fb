"""Read both topics, now that everything behind them is there."""

from alembic import op

revision = "0007"
down_revision = "0006"
requires = ("postgres@0007",)


def upgrade() -> None:
    op.create_object("orders_queue", version=1)
    op.create_object("inbox_mv", version=1)
    op.create_object("orders_valve", version=1)
    op.create_object("orders_valve_mv", version=1)
    op.create_object("payments_queue", version=1)
    op.create_object("payments_inbox_mv", version=1)
    op.create_object("payments_valve", version=1)
    op.create_object("payments_valve_mv", version=1)


def downgrade() -> None:
    op.drop_object("payments_valve")
    op.drop_object("payments_inbox_mv")
    op.drop_object("payments_valve_mv")
    op.drop_object("payments_queue", forget_offsets=True)
    op.drop_object("orders_valve")
    op.drop_object("inbox_mv")
    op.drop_object("orders_valve_mv")
    op.drop_object("orders_queue", forget_offsets=True)
