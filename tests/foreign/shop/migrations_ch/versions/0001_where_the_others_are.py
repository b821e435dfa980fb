"""Know where Kafka and PostgreSQL are."""

from alembic import op

revision = "0001"
down_revision = None
requires = ("postgres@0006",)


def upgrade() -> None:
    op.create_object("kafka_collection", version=1)
    op.create_object("postgres_collection", version=1)


def downgrade() -> None:
    op.drop_object("postgres_collection")
    op.drop_object("kafka_collection")
