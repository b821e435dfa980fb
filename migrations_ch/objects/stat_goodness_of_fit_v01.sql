-- (statistic, p) of Pearson's goodness of fit: sum of (observed - expected)^2 / expected, with
-- one degree of freedom fewer than there are cells. Expected counts are taken as they are.
-- Pearson (1900), On the criterion that a given system of deviations from the probable ...
CREATE FUNCTION stat_goodness_of_fit AS (observed, expected) ->
    arrayMap(
        cells -> arrayMap(
            statistic -> stat_chi_square_test(statistic, length(cells)),
            [arraySum(c -> if(c.1 >= 0 AND c.2 > 0, pow(c.1 - c.2, 2) / c.2, nan), cells)]
        )[1],
        [stat_pairs(observed, expected)]
    )[1]
