"""Drop the lines with countries as they came, kept for a way back that is not needed any more.

A downgrade of the revisions before computes them again.
"""

from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    op.forget_previous("order_lines_mv")


def downgrade() -> None:
    pass
