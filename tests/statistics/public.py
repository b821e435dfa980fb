"""The functions that users call: which arguments they take, and an example of each."""

from __future__ import annotations

ARM_PAIR = (100, 2.7, 1.2, 120, 2.5, 1.1)
COUNT_PAIR = (42, 104, 50, 109)

EXAMPLES: dict[str, tuple[object, ...]] = {
    "stat_normal_cdf": (0.3,),
    "stat_normal_quantile": (0.3,),
    "stat_normal_p": (0.3,),
    "stat_student_p": (2, 7),
    "stat_student_quantile": (0.05, 7),
    "stat_chi_square_p": (3, 2),
    "stat_goodness_of_fit": ([16, 18, 16], [16, 16, 18]),
    "stat_proportions_chi_square": ([73, 90], [86, 93]),
    "stat_sample_ratio_p": ([135, 115], [1, 1]),
    "stat_sequential_sample_ratio_p": ([500, 600], [1, 1], 100),
    "stat_two_proportions": COUNT_PAIR,
    "stat_wilson_interval": (42, 104, 0.05),
    "stat_agresti_coull_interval": (42, 104, 0.05),
    "stat_newcombe_difference": (*COUNT_PAIR, 0.05),
    "stat_wald_difference": (*COUNT_PAIR, 0.05),
    "stat_sample_variance": (10, 24, 80),
    "stat_proportion_variance": (42, 104),
    "stat_ratio_variance": (100, 270, 848, 510, 2900, 1500),
    "stat_welch": (*ARM_PAIR, 0.05),
    "stat_welch_relative": (*ARM_PAIR, 0.05),
    "stat_student_pooled": ARM_PAIR,
    "stat_sequential": (*ARM_PAIR, 0.05, 5000),
    "stat_sequential_relative": (*ARM_PAIR, 0.05, 5000),
    "stat_chance_to_win": COUNT_PAIR,
    "stat_gaussian_chance_to_win": (*ARM_PAIR, 0.05, 0, 0.1),
    "stat_cuped": (100, 300, 1600, 210, 900, 700, 110, 320, 1700, 220, 950, 750),
    "stat_holm": ([0.01, 0.04, 0.03],),
    "stat_benjamini_hochberg": ([0.01, 0.04, 0.03],),
}
