-- (sum of squares - sum^2 / n) / (n - 1); NaN below n = 2, and for sums that no numbers have.
-- What rounding makes of equal numbers, a little below 0, is 0.
CREATE FUNCTION stat_sample_variance AS (n, total, sum_squares) ->
    arrayMap(
        (size, s, ss) -> multiIf(
            size >= 2 AND ss >= s / size * s, (ss - s / size * s) / (size - 1),
            size >= 2 AND ss >= s / size * s * (1 - 1e-12), 0,
            nan
        ),
        [stat_number(n)],
        [stat_number(total)],
        [stat_number(sum_squares)]
    )[1]
