-- (effect, low, high, standard error, p) of the mean difference, treatment minus control.
-- Welch (1947), The generalization of Student's problem when several different population
-- variances are involved.
CREATE FUNCTION stat_welch AS (
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
            mean_t - mean_c,
            stat_error_of_difference(n_c, var_c, n_t, var_t),
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
