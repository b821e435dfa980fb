-- p of an asymptotic confidence sequence after n users, k = n rho^2 + 1, z = effect / its error:
-- min(1, sqrt(k) exp(-rho^2 n z^2 / (2 k))). Waudby-Smith et al. (2021), arXiv 2103.06476.
CREATE FUNCTION stat_sequential_p AS (z, n, rho) ->
    least(1., exp(log(n * rho * rho + 1) / 2 - z * z / 2 * (1 - 1 / (n * rho * rho + 1))))
