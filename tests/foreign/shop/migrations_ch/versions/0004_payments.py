"""Keep payments."""

from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.create_object("payments_inbox", version=1)
    op.create_object("payments", version=1)
    op.create_object("payments_mv", version=1)


def downgrade() -> None:
    op.drop_object("payments_mv")
    op.drop_object("payments")
    op.drop_object("payments_inbox")
