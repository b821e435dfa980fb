"""Know the channel of each order, read from its details where they have it."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    op.allow_loss("shop.orders", "the channel is empty until it is filled")
    op.add_column("orders", sa.Column("channel", sa.Text), schema="shop")
    op.execute("UPDATE shop.orders SET channel = coalesce(details ->> 'channel', 'web:100%')")
    op.execute("ALTER TABLE shop.orders ALTER channel SET DEFAULT 'web:100%'")


def downgrade() -> None:
    op.allow_loss("shop.orders", "the details have the channel, too")
    op.drop_column("orders", "channel", schema="shop")
