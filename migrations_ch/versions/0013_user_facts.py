"""Count for each assigned user what they did from their assignment on."""

from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    op.create_object("user_assignments", version=1)
    op.create_object("assigned_events", version=1)
    op.create_object("user_facts", version=1)


def downgrade() -> None:
    op.drop_object("user_facts")
    op.drop_object("assigned_events")
    op.drop_object("user_assignments")
