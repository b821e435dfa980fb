-- ln of the Bayes factor for other shares than the given ones, under a Dirichlet prior with the
-- given concentration around them: sums of stat_deviance and stat_stirling_remainder instead of
-- ln gamma(concentration share + users), whose large values would cancel.
CREATE FUNCTION stat_log_multinomial_bayes_factor AS (variants, concentration, total) ->
    arraySum(
        v -> stat_deviance(concentration * v.2 + v.1, (concentration + total) * v.2)
            + stat_stirling_remainder(concentration * v.2 + v.1)
            - stat_stirling_remainder(concentration * v.2),
        variants
    )
    - stat_stirling_remainder(concentration + total)
    + stat_stirling_remainder(concentration)
