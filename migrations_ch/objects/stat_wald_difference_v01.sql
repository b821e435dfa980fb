-- (difference, low, high) of two proportions, first minus second:
-- p1 - p2 -+ z sqrt(p1 (1 - p1) / n1 + p2 (1 - p2) / n2).
-- Fleiss (1981), Statistical Methods for Rates and Proportions; after Wald (1943).
CREATE FUNCTION stat_wald_difference AS (successes_1, n_1, successes_2, n_2, alpha) ->
    arrayMap(
        (x1, n1, x2, n2, z) -> arrayMap(
            (difference, half_width) -> (
                difference,
                difference - half_width,
                difference + half_width
            ),
            [stat_rate(x1, n1) - stat_rate(x2, n2)],
            [
                z * sqrt(
                    stat_rate(x1, n1) * stat_rate(n1 - x1, n1) / n1
                    + stat_rate(x2, n2) * stat_rate(n2 - x2, n2) / n2
                )
            ]
        )[1],
        [stat_number(successes_1)],
        [stat_number(n_1)],
        [stat_number(successes_2)],
        [stat_number(n_2)],
        [stat_two_sided_z(stat_number(alpha))]
    )[1]
