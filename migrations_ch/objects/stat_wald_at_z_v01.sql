-- (low, high) = rate -+ z sqrt(rate (1 - rate) / n).
CREATE FUNCTION stat_wald_at_z AS (rate, n, z) ->
    (rate - z * sqrt(rate * (1 - rate) / n), rate + z * sqrt(rate * (1 - rate) / n))
