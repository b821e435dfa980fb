-- Degrees of freedom that the functions of Student's distribution take: NaN below 1 (but for
-- rounding), and at most 1e200, where the distribution is the normal one.
CREATE FUNCTION stat_student_degrees_of_freedom AS (df) ->
    arrayMap(
        freedom -> if(freedom > 0.99, least(freedom, 1e200), nan),
        [df]
    )[1]
