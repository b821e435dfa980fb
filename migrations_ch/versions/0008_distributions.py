"""Give SQL the distributions that tests of experiments need."""

from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.create_object("stat_number", version=1)
    op.create_object("stat_normal_cdf", version=1)
    op.create_object("stat_normal_p", version=1)
    op.create_object("stat_normal_critical_start", version=1)
    op.create_object("stat_normal_critical", version=1)
    op.create_object("stat_normal_quantile", version=1)
    op.create_object("stat_student_degrees_of_freedom", version=1)
    op.create_object("stat_student_nodes", version=1)
    op.create_object("stat_student_integral", version=1)
    op.create_object("stat_student_log_tail", version=1)
    op.create_object("stat_student_tail", version=1)
    op.create_object("stat_student_weights", version=1)
    op.create_object("stat_student_p", version=1)
    op.create_object("stat_student_critical_start", version=1)
    op.create_object("stat_student_critical", version=1)
    op.create_object("stat_student_quantile", version=1)
    op.create_object("stat_deviance", version=1)
    op.create_object("stat_stirling_remainder", version=1)
    op.create_object("stat_chi_square_terms", version=1)
    op.create_object("stat_chi_square_tail", version=1)
    op.create_object("stat_chi_square_p", version=1)


def downgrade() -> None:
    op.drop_object("stat_chi_square_p")
    op.drop_object("stat_chi_square_tail")
    op.drop_object("stat_chi_square_terms")
    op.drop_object("stat_stirling_remainder")
    op.drop_object("stat_deviance")
    op.drop_object("stat_student_quantile")
    op.drop_object("stat_student_critical")
    op.drop_object("stat_student_critical_start")
    op.drop_object("stat_student_p")
    op.drop_object("stat_student_weights")
    op.drop_object("stat_student_tail")
    op.drop_object("stat_student_log_tail")
    op.drop_object("stat_student_integral")
    op.drop_object("stat_student_nodes")
    op.drop_object("stat_student_degrees_of_freedom")
    op.drop_object("stat_normal_quantile")
    op.drop_object("stat_normal_critical")
    op.drop_object("stat_normal_critical_start")
    op.drop_object("stat_normal_p")
    op.drop_object("stat_normal_cdf")
    op.drop_object("stat_number")
