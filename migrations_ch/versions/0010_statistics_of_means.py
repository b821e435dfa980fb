"""Give SQL the statistics of means, and of many tests at once."""

from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    op.create_object("stat_sample_variance", version=1)
    op.create_object("stat_sample_covariance", version=1)
    op.create_object("stat_ratio_variance", version=1)
    op.create_object("stat_error_of_difference", version=1)
    op.create_object("stat_student_estimate", version=1)
    op.create_object("stat_welch_degrees_of_freedom", version=1)
    op.create_object("stat_welch", version=1)
    op.create_object("stat_relative_error", version=1)
    op.create_object("stat_welch_relative", version=1)
    op.create_object("stat_student_pooled", version=1)
    op.create_object("stat_sequential_p", version=1)
    op.create_object("stat_sequential_estimate", version=1)
    op.create_object("stat_sequential_rho", version=1)
    op.create_object("stat_sequential", version=1)
    op.create_object("stat_sequential_relative", version=1)
    op.create_object("stat_gaussian_chance_to_win", version=1)
    op.create_object("stat_adjusted_variance", version=1)
    op.create_object("stat_cuped", version=1)
    op.create_object("stat_in_given_order", version=1)
    op.create_object("stat_probabilities", version=1)
    op.create_object("stat_holm", version=1)
    op.create_object("stat_benjamini_hochberg", version=1)


def downgrade() -> None:
    op.drop_object("stat_benjamini_hochberg")
    op.drop_object("stat_holm")
    op.drop_object("stat_probabilities")
    op.drop_object("stat_in_given_order")
    op.drop_object("stat_cuped")
    op.drop_object("stat_adjusted_variance")
    op.drop_object("stat_gaussian_chance_to_win")
    op.drop_object("stat_sequential_relative")
    op.drop_object("stat_sequential")
    op.drop_object("stat_sequential_rho")
    op.drop_object("stat_sequential_estimate")
    op.drop_object("stat_sequential_p")
    op.drop_object("stat_student_pooled")
    op.drop_object("stat_welch_relative")
    op.drop_object("stat_relative_error")
    op.drop_object("stat_welch")
    op.drop_object("stat_welch_degrees_of_freedom")
    op.drop_object("stat_student_estimate")
    op.drop_object("stat_error_of_difference")
    op.drop_object("stat_ratio_variance")
    op.drop_object("stat_sample_covariance")
    op.drop_object("stat_sample_variance")
