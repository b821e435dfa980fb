-- Two arrays as one of pairs of Float64; NaN where one is shorter.
CREATE FUNCTION stat_pairs AS (firsts, seconds) ->
    arrayMap(
        pair -> (ifNull(pair.1, nan), ifNull(pair.2, nan)),
        arrayZipUnaligned(stat_numbers(firsts), stat_numbers(seconds))
    )
