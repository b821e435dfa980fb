-- (effect, low, high, p) of an asymptotic confidence sequence after n users, k = n rho^2 + 1:
-- half width = standard error sqrt(2 k ln(sqrt(k) / alpha) / n) / rho, p as in stat_sequential_p.
-- Low, high and p are NaN where the standard error is 0. Waudby-Smith et al. (2021), theorem 2.2.
CREATE FUNCTION stat_sequential_estimate AS (effect, standard_error, n, rho, alpha) ->
    arrayMap(
        (estimate, error, size, tuning, level) -> arrayMap(
            k -> arrayMap(
                half_width -> (
                    estimate,
                    estimate - half_width,
                    estimate + half_width,
                    stat_sequential_p(estimate / error, size, tuning)
                ),
                [error * sqrt(2 * k * log(sqrt(k) / level) / size) / tuning]
            )[1],
            [size * tuning * tuning + 1]
        )[1],
        [if(isFinite(effect), effect, nan)],
        [if(standard_error > 0, standard_error, nan)],
        [n],
        [rho],
        [alpha]
    )[1]
