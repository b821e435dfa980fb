-- p of the test for a sample ratio mismatch that may be looked at after every user: 1 / Bayes
-- factor of a Dirichlet-multinomial, at most 1. Weights <= 0 are left out; 1 when fewer than two
-- variants or no users remain.
-- Lindon and Malek (2020), Anytime-valid inference for multinomial count data, arXiv 2011.03567.
CREATE FUNCTION stat_sequential_sample_ratio_p AS (users, weights, concentration) ->
    arrayMap(
        (variants, strength) -> arrayMap(
            total -> multiIf(
                isNaN(total) OR NOT (strength > 0 AND isFinite(strength)), nan,
                length(variants) < 2 OR total = 0, 1,
                exp(least(0, -stat_log_multinomial_bayes_factor(variants, strength, total)))
            ),
            [arraySum(v -> v.1 + 0 * v.2, variants)]
        )[1],
        [stat_allocation(users, weights)],
        [stat_number(concentration)]
    )[1]
