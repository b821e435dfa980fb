-- (effect, low, high, standard error, p) of (treatment - control) / |control|; standard error by
-- the delta method, degrees of freedom as in stat_welch.
-- Deng, Knoblich and Lu (2018), Applying the delta method in metric analytics.
CREATE FUNCTION stat_welch_relative AS (
    n_control,
    mean_control,
    variance_control,
    n_treatment,
    mean_treatment,
    variance_treatment,
    alpha
) ->
    arrayMap(
        (n_c, mean_c, var_c, n_t, mean_t, var_t, level) -> stat_student_estimate(
            (mean_t - mean_c) / abs(mean_c),
            if(n_c >= 2 AND n_t >= 2, stat_relative_error(n_c, mean_c, var_c, n_t, mean_t, var_t), nan),
            stat_welch_degrees_of_freedom(n_c, var_c, n_t, var_t),
            level
        ),
        [stat_number(n_control)],
        [stat_number(mean_control)],
        [stat_number(variance_control)],
        [stat_number(n_treatment)],
        [stat_number(mean_treatment)],
        [stat_number(variance_treatment)],
        [stat_number(alpha)]
    )[1]
