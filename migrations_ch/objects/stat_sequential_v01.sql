-- (effect, low, high, p) of the mean difference, treatment minus control, safe to look at after
-- every user: an asymptotic confidence sequence, tightest at n_star users of both arms together.
-- Waudby-Smith, Arbour, Sinha, Kennedy and Ramdas (2021), arXiv 2103.06476.
CREATE FUNCTION stat_sequential AS (
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
            mean_t - mean_c,
            if(n_c > 0 AND n_t > 0, sqrt(var_t / n_t + var_c / n_c), nan),
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
