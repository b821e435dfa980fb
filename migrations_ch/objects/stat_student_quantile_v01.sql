-- t with P(|T| > t) = alpha, the critical value for a two-sided alpha, for df degrees of freedom,
-- which need not be whole; NaN below df = 1 and unless 0 < alpha < 1.
CREATE FUNCTION stat_student_quantile AS (alpha, df) ->
    arrayMap(
        (level, freedom) -> arrayMap(
            nodes -> if(
                level > 0 AND level < 1,
                stat_student_critical(
                    level,
                    freedom,
                    nodes,
                    stat_student_weights(nodes, freedom)
                ),
                nan
            ),
            [stat_student_nodes(freedom)]
        )[1],
        [stat_number(alpha)],
        [stat_student_degrees_of_freedom(stat_number(df))]
    )[1]
