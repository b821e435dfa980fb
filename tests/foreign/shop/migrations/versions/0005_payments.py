"""Take payments, which may be changed and taken back."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.create_table(
        "payments",
        sa.Column("id", sa.BigInteger, sa.Identity(always=True), primary_key=True),
        sa.Column("order_id", sa.BigInteger, sa.ForeignKey("shop.orders.id"), nullable=False),
        sa.Column("method", sa.Text, nullable=False),
        sa.Column("amount", sa.Numeric(18, 2), nullable=False),
        sa.Column("paid_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("method IN ('card', 'invoice')", name="payments_method_check"),
        schema="shop",
    )
    op.execute("ALTER TABLE shop.payments REPLICA IDENTITY FULL")


def downgrade() -> None:
    op.drop_table("payments", schema="shop")
