-- A number of any type as Float64, NULL as NaN: what every function of ours does at its door.
CREATE FUNCTION stat_number AS (value) ->
    ifNull(toFloat64(value), nan)
