-- ln P(|T| >= q sqrt(df)) = -df / 2 ln(1 + q^2) + ln I(q^2 / (1 + q^2)) - ln I(0): the regularised
-- incomplete beta function of Student's tail (Abramowitz and Stegun (1964), 26.7.1 and 26.5.3) as
-- an integral of positive terms, so that no digit is lost in either tail.
CREATE FUNCTION stat_student_log_tail AS (q, df, nodes, weights) ->
    log(
        arrayReduce(
            'avgWeighted',
            arrayMap(r -> sqrt(r / (1 / (1 + 1 / q / q) + r)), nodes),
            weights
        )
    )
    - df / 2 * if(q < 1, log1p(q * q), 2 * log(q) + log1p(1 / q / q))
