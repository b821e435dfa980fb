-- P(Z <= x) of a standard normal Z: erfc(-x / sqrt(2)) / 2.
-- Abramowitz and Stegun (1964), 7.1.22.
CREATE FUNCTION stat_normal_cdf AS (x) ->
    erfc(-stat_number(x) / sqrt(2)) / 2
