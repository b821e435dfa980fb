-- (difference, low, high) of two rates from the (low, high) of each.
CREATE FUNCTION stat_newcombe_at_limits AS (rate_1, limits_1, rate_2, limits_2) ->
    (
        rate_1 - rate_2,
        rate_1 - rate_2 - sqrt(pow(rate_1 - limits_1.1, 2) + pow(limits_2.2 - rate_2, 2)),
        rate_1 - rate_2 + sqrt(pow(limits_1.2 - rate_1, 2) + pow(rate_2 - limits_2.1, 2))
    )
