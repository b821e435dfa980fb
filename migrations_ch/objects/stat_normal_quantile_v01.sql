-- x with P(Z <= x) = p of a standard normal Z; -inf at 0, inf at 1, NaN outside.
-- By symmetry from the smaller tail, where p keeps its digits.
CREATE FUNCTION stat_normal_quantile AS (p) ->
    arrayMap(
        probability -> multiIf(
            probability = 0, -inf,
            probability = 1, inf,
            probability > 0 AND probability <= 0.5, -stat_normal_critical(probability),
            probability > 0.5 AND probability < 1, stat_normal_critical(1 - probability),
            nan
        ),
        [stat_number(p)]
    )[1]
