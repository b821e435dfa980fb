"""Tell the world of every assignment, in the transaction that makes it."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB, UUID

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_table(
        "outbox",
        sa.Column("id", UUID, primary_key=True, server_default=sa.text("gen_random_uuid()")),
        sa.Column("seq", sa.BigInteger, sa.Identity(always=True), nullable=False),
        sa.Column("aggregatetype", sa.Text, nullable=False),
        sa.Column("aggregateid", sa.Text, nullable=False),
        sa.Column("type", sa.Text, nullable=False),
        sa.Column("payload", JSONB, nullable=False),
        sa.Column(
            "occurred_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()
        ),
        schema="experiments",
    )
    op.create_index("outbox_occurred_at_idx", "outbox", ["occurred_at"], schema="experiments")
    op.execute(
        """
        CREATE FUNCTION experiments.assignment_to_outbox() RETURNS trigger
        LANGUAGE plpgsql AS $$
        DECLARE
            assignment experiments.assignments := coalesce(NEW, OLD);
        BEGIN
            INSERT INTO experiments.outbox (aggregatetype, aggregateid, type, payload)
            VALUES (
                'assignment',
                assignment.user_id,
                CASE TG_OP
                    WHEN 'INSERT' THEN 'AssignmentCreated'
                    WHEN 'UPDATE' THEN 'AssignmentChanged'
                    ELSE 'AssignmentDeleted'
                END,
                to_jsonb(assignment)
            );
            RETURN NULL;
        END $$
        """
    )
    op.execute(
        """
        CREATE TRIGGER assignment_to_outbox
        AFTER INSERT OR UPDATE OR DELETE ON experiments.assignments
        FOR EACH ROW EXECUTE FUNCTION experiments.assignment_to_outbox()
        """
    )


def downgrade() -> None:
    op.execute("DROP TRIGGER assignment_to_outbox ON experiments.assignments")
    op.execute("DROP FUNCTION experiments.assignment_to_outbox()")
    op.drop_table("outbox", schema="experiments")
