-- z with P(|Z| > z) = alpha; NaN unless 0 < alpha < 1.
CREATE FUNCTION stat_two_sided_z AS (alpha) ->
    arrayMap(
        level -> if(level > 0 AND level < 1, stat_normal_critical(level / 2), nan),
        [alpha]
    )[1]
