"""Leave test orders out of the sales."""

from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.rebuild_view("sales_hourly_mv", version=2)


def downgrade() -> None:
    op.rebuild_view("sales_hourly_mv", version=1)
