"""Look reference data up in PostgreSQL, live."""

from alembic import op

revision = "0007"
down_revision = "0006"
requires = ("postgres@0005",)


def upgrade() -> None:
    op.create_object("experiments_dict", version=1)
    op.create_object("variants_dict", version=1)
    op.create_object("users_dict", version=1)


def downgrade() -> None:
    op.drop_object("users_dict")
    op.drop_object("variants_dict")
    op.drop_object("experiments_dict")
