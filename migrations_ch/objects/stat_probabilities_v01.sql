-- An array of p-values as Float64; NaN for what is none.
CREATE FUNCTION stat_probabilities AS (ps) ->
    arrayMap(p -> if(p >= 0 AND p <= 1, p, nan), stat_numbers(ps))
