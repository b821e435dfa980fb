-- The terms y^(j - 1) exp(-y) / gamma(j) of the tail's finite sum, y = x / 2: j = 1, 2 ... df / 2
-- for even df, j = 3/2, 5/2 ... df / 2 for odd df.
CREATE FUNCTION stat_chi_square_terms AS (y, df) ->
    arrayMap(
        j -> exp(-stat_deviance(j, y) - stat_stirling_remainder(j)) / y,
        arrayMap(i -> df / 2 - i, range(toUInt32(floor(df / 2))))
    )
