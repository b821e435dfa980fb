"""Give SQL the statistics of counts: rates, sample ratios, chances."""

from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.create_object("stat_rate", version=1)
    op.create_object("stat_two_proportions", version=1)
    op.create_object("stat_two_sided_z", version=1)
    op.create_object("stat_wilson_low", version=1)
    op.create_object("stat_wilson_at_z", version=1)
    op.create_object("stat_wilson_interval", version=1)
    op.create_object("stat_wald_at_z", version=1)
    op.create_object("stat_agresti_coull_interval", version=1)
    op.create_object("stat_newcombe_at_limits", version=1)
    op.create_object("stat_newcombe_difference", version=1)
    op.create_object("stat_wald_difference", version=1)
    op.create_object("stat_proportion_variance", version=1)
    op.create_object("stat_chi_square_test", version=1)
    op.create_object("stat_numbers", version=1)
    op.create_object("stat_pairs", version=1)
    op.create_object("stat_goodness_of_fit", version=1)
    op.create_object("stat_proportions_chi_square", version=1)
    op.create_object("stat_allocation", version=1)
    op.create_object("stat_sample_ratio_p", version=1)
    op.create_object("stat_log_multinomial_bayes_factor", version=1)
    op.create_object("stat_sequential_sample_ratio_p", version=1)
    op.create_object("stat_beta_exceeds", version=1)
    op.create_object("stat_chance_to_win", version=1)


def downgrade() -> None:
    op.drop_object("stat_chance_to_win")
    op.drop_object("stat_beta_exceeds")
    op.drop_object("stat_sequential_sample_ratio_p")
    op.drop_object("stat_log_multinomial_bayes_factor")
    op.drop_object("stat_sample_ratio_p")
    op.drop_object("stat_allocation")
    op.drop_object("stat_proportions_chi_square")
    op.drop_object("stat_goodness_of_fit")
    op.drop_object("stat_pairs")
    op.drop_object("stat_numbers")
    op.drop_object("stat_chi_square_test")
    op.drop_object("stat_proportion_variance")
    op.drop_object("stat_wald_difference")
    op.drop_object("stat_newcombe_difference")
    op.drop_object("stat_newcombe_at_limits")
    op.drop_object("stat_agresti_coull_interval")
    op.drop_object("stat_wald_at_z")
    op.drop_object("stat_wilson_interval")
    op.drop_object("stat_wilson_at_z")
    op.drop_object("stat_wilson_low")
    op.drop_object("stat_two_sided_z")
    op.drop_object("stat_two_proportions")
    op.drop_object("stat_rate")
