-- P(|Z| >= |z|) of a standard normal Z, the two-sided p-value: erfc(|z| / sqrt(2)).
-- Abramowitz and Stegun (1964), 7.1.22.
CREATE FUNCTION stat_normal_p AS (z) ->
    erfc(abs(stat_number(z)) / sqrt(2))
