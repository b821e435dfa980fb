"""Find the orders of a customer, and those of a time, while the shop is open."""

from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    with op.get_context().autocommit_block():
        op.execute(
            "CREATE INDEX CONCURRENTLY IF NOT EXISTS orders_customer ON shop.orders (customer_id)"
        )
        op.create_index(
            "orders_placed_at",
            "orders",
            ["placed_at"],
            schema="shop",
            postgresql_concurrently=True,
            if_not_exists=True,
        )


def downgrade() -> None:
    with op.get_context().autocommit_block():
        op.execute("DROP INDEX CONCURRENTLY IF EXISTS shop.orders_placed_at")
        op.execute("DROP INDEX CONCURRENTLY IF EXISTS shop.orders_customer")
