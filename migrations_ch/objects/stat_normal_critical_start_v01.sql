-- z with P(Z > z) = q for 0 < q <= 1/2, to 0.00045: a rational function of s = sqrt(-2 ln q).
-- Hastings (1955), Approximations for Digital Computers; Abramowitz and Stegun (1964), 26.2.23.
CREATE FUNCTION stat_normal_critical_start AS (upper_tail) ->
    arrayMap(
        s -> s - (2.515517 + s * (0.802853 + s * 0.010328))
               / (1 + s * (1.432788 + s * (0.189269 + s * 0.001308))),
        [sqrt(-2 * log(upper_tail))]
    )[1]
