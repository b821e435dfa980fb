"""Publish the outbox and the payments, each by itself."""

from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.create_publication("${publication}", tables=["shop.outbox"], publish="insert")
    op.create_publication("${publication}_payments", tables=["shop.payments"])


def downgrade() -> None:
    op.drop_publication("${publication}_payments")
    op.drop_publication("${publication}")
