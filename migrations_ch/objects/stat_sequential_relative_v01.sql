-- (effect, low, high, p) of (treatment - control) / |control| as an asymptotic confidence
-- sequence; standard error by the delta method. Waudby-Smith et al. (2021), arXiv 2103.06476.
CREATE FUNCTION stat_sequential_relative AS (
    n_control,
    mean_control,
    variance_control,
    n_treatment,
    mean_treatment,
    variance_treatment,
    alpha,
    n_star
) ->
    arrayMap(
        (n_c, mean_c, var_c, n_t, mean_t, var_t, level, best) -> stat_sequential_estimate(
            (mean_t - mean_c) / abs(mean_c),
            stat_relative_error(n_c, mean_c, var_c, n_t, mean_t, var_t),
            n_c + n_t,
            stat_sequential_rho(level, best),
            level
        ),
        [stat_number(n_control)],
        [stat_number(mean_control)],
        [stat_number(variance_control)],
        [stat_number(n_treatment)],
        [stat_number(mean_treatment)],
        [stat_number(variance_treatment)],
        [stat_number(alpha)],
        [stat_number(n_star)]
    )[1]
