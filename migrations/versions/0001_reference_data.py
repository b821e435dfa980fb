"""Hold experiments, their variants and the users."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.execute("CREATE SCHEMA experiments")
    op.create_table(
        "experiments",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("status", sa.Text, nullable=False, server_default="draft"),
        sa.Column("started_at", sa.DateTime(timezone=True)),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()
        ),
        sa.Column(
            "updated_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()
        ),
        sa.CheckConstraint(
            "status IN ('draft', 'running', 'paused', 'completed')", name="experiments_status_check"
        ),
        schema="experiments",
    )
    op.create_table(
        "variants",
        sa.Column(
            "experiment_id", sa.Text, sa.ForeignKey("experiments.experiments.id"), primary_key=True
        ),
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("is_control", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.Column("allocation", sa.Numeric, nullable=False),
        sa.CheckConstraint("allocation >= 0", name="variants_allocation_check"),
        schema="experiments",
    )
    op.create_index(
        "variants_one_control",
        "variants",
        ["experiment_id"],
        unique=True,
        postgresql_where="is_control",
        schema="experiments",
    )
    op.create_table(
        "users",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("country", sa.Text),
        sa.Column("attributes", JSONB, nullable=False, server_default="{}"),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()
        ),
        schema="experiments",
    )


def downgrade() -> None:
    op.drop_table("users", schema="experiments")
    op.drop_table("variants", schema="experiments")
    op.drop_table("experiments", schema="experiments")
    op.execute("DROP SCHEMA experiments")
