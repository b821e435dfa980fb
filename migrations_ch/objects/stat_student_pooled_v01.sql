-- (t, p) of Student's test with a pooled variance, first minus second, n1 + n2 - 2 degrees of
-- freedom; NaN where that variance is 0. Student (1908), The probable error of a mean.
CREATE FUNCTION stat_student_pooled AS (n_1, mean_1, variance_1, n_2, mean_2, variance_2) ->
    arrayMap(
        (n1, mean1, var1, n2, mean2, var2) -> arrayMap(
            t -> (t, stat_student_p(t, n1 + n2 - 2)),
            [
                if(
                    n1 >= 1 AND n2 >= 1 AND n1 + n2 > 2 AND (n1 - 1) * var1 + (n2 - 1) * var2 > 0,
                    (mean1 - mean2)
                        / sqrt(((n1 - 1) * var1 + (n2 - 1) * var2) / (n1 + n2 - 2) * (1 / n1 + 1 / n2)),
                    nan
                )
            ]
        )[1],
        [stat_number(n_1)],
        [stat_number(mean_1)],
        [stat_number(variance_1)],
        [stat_number(n_2)],
        [stat_number(mean_2)],
        [stat_number(variance_2)]
    )[1]
