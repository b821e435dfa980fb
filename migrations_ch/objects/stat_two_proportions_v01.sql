-- (z, p) of the pooled test for two proportions, first minus second:
-- (x1 / n1 - x2 / n2) / sqrt(p (1 - p) (1 / n1 + 1 / n2)), p = (x1 + x2) / (n1 + n2).
-- NaN where nobody or everybody succeeded. Fleiss (1981), Statistical Methods for Rates.
CREATE FUNCTION stat_two_proportions AS (successes_1, n_1, successes_2, n_2) ->
    arrayMap(
        (x1, n1, x2, n2) -> arrayMap(
            z -> (z, stat_normal_p(z)),
            [
                (stat_rate(x1, n1) - stat_rate(x2, n2))
                / sqrt(stat_rate(x1 + x2, n1 + n2) * stat_rate(n1 - x1 + n2 - x2, n1 + n2))
                / sqrt(1 / n1 + 1 / n2)
            ]
        )[1],
        [stat_number(successes_1)],
        [stat_number(n_1)],
        [stat_number(successes_2)],
        [stat_number(n_2)]
    )[1]
