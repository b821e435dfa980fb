"""Give Debezium a table for signals and one for its heartbeat."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.create_table(
        "debezium_signal",
        sa.Column("id", sa.String(42), primary_key=True),
        sa.Column("type", sa.String(32), nullable=False),
        sa.Column("data", sa.String(2048)),
        schema="experiments",
    )
    op.create_table(
        "debezium_heartbeat",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("ts", sa.DateTime(timezone=True), nullable=False),
        schema="experiments",
    )


def downgrade() -> None:
    op.drop_table("debezium_heartbeat", schema="experiments")
    op.drop_table("debezium_signal", schema="experiments")
