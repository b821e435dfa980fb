-- (low, high): Wald's interval after z^2 / 2 successes and z^2 trials more; it may leave [0, 1].
-- Agresti and Coull (1998), Approximate is better than exact for interval estimation.
CREATE FUNCTION stat_agresti_coull_interval AS (successes, n, alpha) ->
    arrayMap(
        (x, m, z) -> stat_wald_at_z(
            (m * stat_rate(x, m) + z * z / 2) / (m + z * z),
            m + z * z,
            z
        ),
        [stat_number(successes)],
        [stat_number(n)],
        [stat_two_sided_z(stat_number(alpha))]
    )[1]
