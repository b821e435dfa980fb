-- (low, high): the score interval of a proportion, always inside [0, 1].
-- (x + z^2 / 2 -+ z sqrt(x (n - x) / n + z^2 / 4)) / (n + z^2).
-- Wilson (1927), Probable inference, the law of succession, and statistical inference.
CREATE FUNCTION stat_wilson_interval AS (successes, n, alpha) ->
    arrayMap(
        (x, m, z) -> stat_wilson_at_z(x, m, z),
        [stat_number(successes)],
        [stat_number(n)],
        [stat_two_sided_z(stat_number(alpha))]
    )[1]
