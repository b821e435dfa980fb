"""Take orders, each with its lines."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ENUM, JSONB

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.execute("CREATE TYPE shop.order_status AS ENUM ('placed', 'paid', 'cancelled')")
    op.create_table(
        "orders",
        sa.Column("id", sa.BigInteger, sa.Identity(always=True), primary_key=True),
        sa.Column("customer_id", sa.BigInteger, sa.ForeignKey("shop.customers.id"), nullable=False),
        sa.Column(
            "status",
            ENUM(name="order_status", schema="shop", create_type=False),
            nullable=False,
            server_default="placed",
        ),
        sa.Column("version", sa.Integer, nullable=False, server_default="1"),
        sa.Column("country", sa.Text, nullable=False),
        sa.Column("is_test", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.Column("details", JSONB, nullable=False, server_default="{}"),
        sa.Column("placed_at", sa.DateTime(timezone=True), nullable=False),
        schema="shop",
    )
    op.create_table(
        "order_lines",
        sa.Column("order_id", sa.BigInteger, sa.ForeignKey("shop.orders.id"), primary_key=True),
        sa.Column("line_no", sa.SmallInteger, primary_key=True),
        sa.Column("product_id", sa.Integer, sa.ForeignKey("shop.products.id"), nullable=False),
        sa.Column("quantity", sa.Integer, nullable=False),
        sa.Column("unit_price", sa.Numeric(12, 2), nullable=False),
        schema="shop",
    )


def downgrade() -> None:
    op.drop_table("order_lines", schema="shop")
    op.drop_table("orders", schema="shop")
    op.execute("DROP TYPE shop.order_status")
