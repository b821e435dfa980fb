-- P(chi-square > x) for x > 0 and a whole df > 0, as a finite sum.
-- Abramowitz and Stegun (1964), 26.4.4 and 26.4.5.
CREATE FUNCTION stat_chi_square_tail AS (x, df) ->
    if(df % 2 = 1, erfc(sqrt(x / 2)), 0) + arraySum(stat_chi_square_terms(x / 2, df))
