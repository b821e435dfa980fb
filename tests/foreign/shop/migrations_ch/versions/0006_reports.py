"""Report sales, products and what is unpaid."""

from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.create_object("products_dict", version=1)
    op.create_object("top_products", version=1)
    op.create_object("unpaid_orders", version=1)
    op.create_object("revenue_report", version=1)


def downgrade() -> None:
    op.drop_object("revenue_report")
    op.drop_object("unpaid_orders")
    op.drop_object("top_products")
    op.drop_object("products_dict")
