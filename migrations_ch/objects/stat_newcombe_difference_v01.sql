-- (difference, low, high) of two proportions, first minus second: hybrid score interval.
-- Newcombe (1998), Interval estimation for the difference between independent proportions,
-- method 10, without continuity correction.
CREATE FUNCTION stat_newcombe_difference AS (successes_1, n_1, successes_2, n_2, alpha) ->
    arrayMap(
        (x1, n1, x2, n2, z) -> arrayMap(
            (p1, limits1, p2, limits2) -> stat_newcombe_at_limits(p1, limits1, p2, limits2),
            [stat_rate(x1, n1)],
            [stat_wilson_at_z(x1, n1, z)],
            [stat_rate(x2, n2)],
            [stat_wilson_at_z(x2, n2, z)]
        )[1],
        [stat_number(successes_1)],
        [stat_number(n_1)],
        [stat_number(successes_2)],
        [stat_number(n_2)],
        [stat_two_sided_z(stat_number(alpha))]
    )[1]
