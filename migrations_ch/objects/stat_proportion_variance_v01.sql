-- p (1 - p), p = successes / n: the variance of one user's 0 or 1.
CREATE FUNCTION stat_proportion_variance AS (successes, n) ->
    arrayMap(
        (x, size) -> stat_rate(x, size) * stat_rate(size - x, size),
        [stat_number(successes)],
        [stat_number(n)]
    )[1]
