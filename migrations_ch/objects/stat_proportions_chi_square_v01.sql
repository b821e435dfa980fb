-- (statistic, p) of the test that all groups have one proportion P = sum(successes) / sum(n):
-- sum of n (successes / n - P)^2 / (P (1 - P)). NaN where nobody or everybody succeeded.
-- Pearson (1900); Fleiss (1981), Statistical Methods for Rates and Proportions.
CREATE FUNCTION stat_proportions_chi_square AS (successes, n) ->
    arrayMap(
        groups -> arrayMap(
            pooled -> arrayMap(
                statistic -> stat_chi_square_test(statistic, length(groups)),
                [
                    arraySum(g -> g.2 * pow(stat_rate(g.1, g.2) - pooled, 2), groups)
                    / (pooled * (1 - pooled))
                ]
            )[1],
            [arraySum(g -> g.1, groups) / arraySum(g -> g.2, groups)]
        )[1],
        [stat_pairs(successes, n)]
    )[1]
