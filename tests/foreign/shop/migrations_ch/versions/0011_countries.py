"""Write countries in capitals, and the channel of each line."""

from alembic import op

revision = "0011"
down_revision = "0010"
requires = ("postgres@0013",)


def upgrade() -> None:
    op.rebuild_view("order_lines_mv", version=2)


def downgrade() -> None:
    op.rebuild_view("order_lines_mv", version=1)
