"""Record who got which variant, and what they did."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB, UUID

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "assignments",
        sa.Column("id", UUID, primary_key=True, server_default=sa.text("gen_random_uuid()")),
        sa.Column("experiment_id", sa.Text, nullable=False),
        sa.Column("user_id", sa.Text, sa.ForeignKey("experiments.users.id"), nullable=False),
        sa.Column("variant_id", sa.Text, nullable=False),
        sa.Column(
            "assigned_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()
        ),
        sa.Column("context", JSONB, nullable=False, server_default="{}"),
        sa.UniqueConstraint(
            "experiment_id", "user_id", name="assignments_experiment_id_user_id_key"
        ),
        sa.ForeignKeyConstraint(
            ["experiment_id", "variant_id"],
            ["experiments.variants.experiment_id", "experiments.variants.id"],
        ),
        schema="experiments",
    )
    op.create_index("assignments_user_id_idx", "assignments", ["user_id"], schema="experiments")
    op.create_table(
        "events",
        sa.Column("id", UUID, primary_key=True, server_default=sa.text("gen_random_uuid()")),
        sa.Column("experiment_id", sa.Text, nullable=False),
        sa.Column("user_id", sa.Text, nullable=False),
        sa.Column("variant_id", sa.Text, nullable=False),
        sa.Column("event_type", sa.Text, nullable=False),
        sa.Column(
            "timestamp", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()
        ),
        sa.Column("assignment_at", sa.DateTime(timezone=True)),
        sa.Column("session_id", sa.Text),
        sa.Column("properties", JSONB, nullable=False, server_default="{}"),
        schema="experiments",
    )
    op.create_index(
        "events_experiment_id_user_id_idx",
        "events",
        ["experiment_id", "user_id"],
        schema="experiments",
    )
    # a delete must carry the whole row, or it lands with made-up values in the wrong partition
    op.execute("ALTER TABLE experiments.events REPLICA IDENTITY FULL")


def downgrade() -> None:
    op.drop_table("events", schema="experiments")
    op.drop_table("assignments", schema="experiments")
