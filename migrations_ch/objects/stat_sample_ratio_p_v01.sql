-- p of the test for a sample ratio mismatch: Pearson's goodness of fit of the users of each
-- variant to the weights. Weights <= 0 are left out; 1 when fewer than two variants or no users
-- remain. Fabijan et al. (2019), Diagnosing sample ratio mismatch in online experiments.
CREATE FUNCTION stat_sample_ratio_p AS (users, weights) ->
    arrayMap(
        variants -> arrayMap(
            total -> multiIf(
                isNaN(total), nan,
                length(variants) < 2 OR total = 0, 1,
                stat_goodness_of_fit(
                    arrayMap(v -> v.1, variants),
                    arrayMap(v -> total * v.2, variants)
                ).2
            ),
            [arraySum(v -> v.1 + 0 * v.2, variants)]
        )[1],
        [stat_allocation(users, weights)]
    )[1]
