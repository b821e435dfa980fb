-- ln gamma(x) - (x ln(x) - x) for x > 0: what differences of large ln gamma(x) lose.
-- Stirling's series; Abramowitz and Stegun (1964), 6.1.41.
CREATE FUNCTION stat_stirling_remainder AS (x) ->
    if(
        x < 16,
        lgamma(x) - x * log(x) + x,
        log(2 * pi() / x) / 2
            + (1 / 12 - (1 / 360 - (1 / 1260 - 1 / 1680 / x / x) / x / x) / x / x) / x
    )
