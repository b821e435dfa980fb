-- The lower end of Wilson's score interval for z; the upper end is 1 - that of the failures.
-- Written as a quotient, which is exact near 0.
CREATE FUNCTION stat_wilson_low AS (successes, n, z) ->
    successes * stat_rate(successes, n)
    / (successes + z * z / 2 + z * sqrt(successes * (n - successes) / n + z * z / 4))
