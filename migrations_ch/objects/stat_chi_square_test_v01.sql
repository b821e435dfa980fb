-- (statistic, p) with one degree of freedom fewer than there are cells; NaN below two cells.
CREATE FUNCTION stat_chi_square_test AS (statistic, cells) ->
    arrayMap(
        (chi_square, df) -> (chi_square, stat_chi_square_p(chi_square, df)),
        [if(cells >= 2 AND isFinite(statistic), statistic, nan)],
        [toFloat64(cells) - 1]
    )[1]
