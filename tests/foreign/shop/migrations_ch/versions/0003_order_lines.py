"""Keep the lines of each order."""

from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_object("order_lines", version=1)
    op.create_object("order_lines_mv", version=1)


def downgrade() -> None:
    op.drop_object("order_lines_mv")
    op.drop_object("order_lines")
