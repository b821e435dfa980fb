-- P(chi-square >= x), the upper tail, with df degrees of freedom: whole, 1 to 1,000,000, else NaN.
-- Pearson (1900).
CREATE FUNCTION stat_chi_square_p AS (x, df) ->
    arrayMap(
        (statistic, freedom) -> multiIf(
            isNaN(statistic) OR freedom = 0, nan,
            statistic <= 0, 1,
            statistic = inf, 0,
            stat_chi_square_tail(statistic, freedom)
        ),
        [stat_number(x)],
        arrayMap(
            freedom -> if(freedom >= 1 AND freedom <= 1e6 AND freedom = floor(freedom), freedom, 0),
            [stat_number(df)]
        )
    )[1]
