-- (a + b)^2 / (a^2 / (n1 - 1) + b^2 / (n2 - 1)) for a = variance1 / n1, b = variance2 / n2, from
-- the share a / (a + b). Welch (1947); Satterthwaite (1946).
CREATE FUNCTION stat_welch_degrees_of_freedom AS (n1, variance1, n2, variance2) ->
    arrayMap(
        share -> 1 / (share * share / (n1 - 1) + (1 - share) * (1 - share) / (n2 - 1)),
        [variance1 / n1 / (variance1 / n1 + variance2 / n2)]
    )[1]
