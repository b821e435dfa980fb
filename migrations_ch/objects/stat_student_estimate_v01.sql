-- (effect, low, high, standard error, p) of an estimate whose error follows Student's
-- distribution; low, high and p are NaN where the standard error is 0.
CREATE FUNCTION stat_student_estimate AS (effect, standard_error, df, alpha) ->
    arrayMap(
        (estimate, error, freedom, level) -> arrayMap(
            (half_width, p) -> (estimate, estimate - half_width, estimate + half_width, error, p),
            [error * stat_student_quantile(level, freedom)],
            [stat_student_p(estimate / error, freedom)]
        )[1],
        [if(isFinite(effect), effect, nan)],
        [standard_error],
        [df],
        [alpha]
    )[1]
