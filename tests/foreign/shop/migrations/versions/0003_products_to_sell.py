"""Sell the first products, and say what a title looks like on a label.

A downgrade keeps the products that have been ordered.
"""

from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.execute(
        """
        INSERT INTO shop.products (id, title, category, price) VALUES
            (1, 'Socks: 50% wool', 'clothes', 7.90),
            (2, 'Shirt, 100% cotton', 'clothes', 24.50),
            (3, 'Tea: Earl Grey', 'food', 4.25),
            (4, 'Chocolate %s 85 %', 'food', 2.99),
            (5, 'Kite :red', 'toys', 19.00)
        ON CONFLICT (id) DO UPDATE SET title = EXCLUDED.title
        """
    )
    op.execute(
        """
        CREATE FUNCTION shop.label(title text) RETURNS text
        LANGUAGE plpgsql IMMUTABLE AS $$
        DECLARE
            head text := split_part(title, ':', 1);
        BEGIN
            RETURN format('%s (%s%%)', head, length(title)::text);
        END $$
        """
    )
    op.execute("UPDATE shop.products SET title = title || ' :new' WHERE title LIKE '%\\%%wool'")


def downgrade() -> None:
    op.execute("DROP FUNCTION shop.label(text)")
    op.execute(
        """
        DELETE FROM shop.products
        WHERE id <= 5 AND id NOT IN (SELECT product_id FROM shop.order_lines)
        """
    )
