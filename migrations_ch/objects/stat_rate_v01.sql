-- successes / n; NaN unless 0 <= successes <= n and n > 0.
CREATE FUNCTION stat_rate AS (successes, n) ->
    if(n > 0 AND isFinite(n) AND successes >= 0 AND successes <= n, successes / n, nan)
