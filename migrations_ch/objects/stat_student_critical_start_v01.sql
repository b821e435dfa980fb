-- ln(t / sqrt(df)) with P(|T| > t) = alpha, roughly: the smaller one of Wallace's value from the
-- normal quantile z, and the power law that holds far out in the tail.
-- Wallace (1959), Bounds on normal approximations to Student's and the chi-square distributions.
CREATE FUNCTION stat_student_critical_start AS (alpha, df, nodes, weights) ->
    arrayMap(
        x -> least(
            x / 4 + log(2 * sinh(x / 2)) / 2,
            (log(2 / df / stat_student_integral(0, nodes, weights)) - log(alpha)) / df
        ),
        [pow(stat_normal_critical_start(alpha / 2) * (8 * df + 3) / (8 * df + 1), 2) / df]
    )[1]
