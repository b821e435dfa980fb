-- sqrt(variance1 / n1 + variance2 / n2); NaN below two values in an arm.
CREATE FUNCTION stat_error_of_difference AS (n1, variance1, n2, variance2) ->
    if(
        n1 >= 2 AND n2 >= 2 AND variance1 >= 0 AND variance2 >= 0,
        sqrt(variance1 / n1 + variance2 / n2),
        nan
    )
