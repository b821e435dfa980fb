-- t with P(|T| > t) = alpha for 0 < alpha < 1: Newton's method on ln P over ln t, a concave curve
-- with slope -2 sqrt(y) / I(y), y = q^2 / (1 + q^2), q = t / sqrt(df). Four steps give 13 digits.
CREATE FUNCTION stat_student_critical AS (alpha, df, nodes, weights) ->
    sqrt(df) * exp(
        arrayFold(
            (log_q, _) -> arrayMap(
                (q, y) -> log_q
                    + (stat_student_log_tail(q, df, nodes, weights) - log(alpha))
                    * stat_student_integral(y, nodes, weights) / (2 * sqrt(y)),
                [exp(log_q)],
                [1 / (1 + exp(-2 * log_q))]
            )[1],
            range(4),
            stat_student_critical_start(alpha, df, nodes, weights)
        )
    )
