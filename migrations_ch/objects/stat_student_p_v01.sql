-- P(|T| >= |t|), the two-sided p-value of Student's t with df degrees of freedom, which need not
-- be whole; NaN below df = 1. Student (1908), The probable error of a mean.
CREATE FUNCTION stat_student_p AS (t, df) ->
    arrayMap(
        (statistic, freedom) -> arrayMap(
            nodes -> stat_student_tail(
                statistic,
                freedom,
                nodes,
                stat_student_weights(nodes, freedom)
            ),
            [stat_student_nodes(freedom)]
        )[1],
        [stat_number(t)],
        [stat_student_degrees_of_freedom(stat_number(df))]
    )[1]
