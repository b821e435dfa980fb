-- z with P(Z > z) = q for 0 < q <= 1/2, to double precision: two steps of Halley's method,
-- z + e / (1 - z e / 2) with e = (P(Z > z) - q) / density(z), each of which triples the digits.
CREATE FUNCTION stat_normal_critical AS (upper_tail) ->
    arrayMap(
        (q, start) -> arrayFold(
            (z, _) -> arrayMap(
                e -> z + e / (1 - z * e / 2),
                [(erfc(z / sqrt(2)) / 2 / q - 1) * exp(z * z / 2 + log(q)) * sqrt(2 * pi())]
            )[1],
            range(2),
            start
        ),
        [upper_tail],
        [stat_normal_critical_start(upper_tail)]
    )[1]
