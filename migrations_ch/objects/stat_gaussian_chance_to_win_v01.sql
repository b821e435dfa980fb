-- (relative effect, low, high, chance that it is above 0) of a normal posterior: the estimate of
-- (treatment - control) / |control| with its delta-method error, and a normal prior;
-- prior_variance = inf is the flat prior. Gelman et al. (2013), Bayesian Data Analysis, 2.5.
CREATE FUNCTION stat_gaussian_chance_to_win AS (
    n_control,
    mean_control,
    variance_control,
    n_treatment,
    mean_treatment,
    variance_treatment,
    alpha,
    prior_mean,
    prior_variance
) ->
    arrayMap(
        (n_c, mean_c, var_c, n_t, mean_t, var_t, level, prior, spread) -> arrayMap(
            (effect, precision, z) -> arrayMap(
                (mean, deviation) -> (
                    mean,
                    mean - z * deviation,
                    mean + z * deviation,
                    stat_normal_cdf(mean / deviation)
                ),
                [(effect * precision + prior / spread) / (precision + 1 / spread)],
                [1 / sqrt(precision + 1 / spread)]
            )[1],
            [(mean_t - mean_c) / abs(mean_c)],
            [pow(stat_relative_error(n_c, mean_c, var_c, n_t, mean_t, var_t), -2)],
            [stat_two_sided_z(level)]
        )[1],
        [stat_number(n_control)],
        [stat_number(mean_control)],
        [stat_number(variance_control)],
        [stat_number(n_treatment)],
        [stat_number(mean_treatment)],
        [stat_number(variance_treatment)],
        [stat_number(alpha)],
        [stat_number(prior_mean)],
        [if(stat_number(prior_variance) > 0, stat_number(prior_variance), nan)]
    )[1]
