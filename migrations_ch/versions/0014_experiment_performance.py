"""Compare the variants of an experiment."""

from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    op.create_object("variant_facts", version=1)
    op.create_object("experiment_variants", version=1)
    op.create_object("experiment_z_scores", version=1)
    op.create_object("variants_beside_control", version=1)
    op.create_object("variant_statistics", version=1)
    op.create_object("experiment_performance", version=1)
    op.create_object("experiment_summary", version=1)


def downgrade() -> None:
    op.drop_object("experiment_summary")
    op.drop_object("experiment_performance")
    op.drop_object("variant_statistics")
    op.drop_object("variants_beside_control")
    op.drop_object("experiment_z_scores")
    op.drop_object("experiment_variants")
    op.drop_object("variant_facts")
