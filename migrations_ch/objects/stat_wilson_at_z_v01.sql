-- (low, high) of Wilson's score interval for z.
CREATE FUNCTION stat_wilson_at_z AS (successes, n, z) ->
    (stat_wilson_low(successes, n, z), 1 - stat_wilson_low(n - successes, n, z))
