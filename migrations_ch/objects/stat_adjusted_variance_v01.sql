-- The variance of y - theta x in an arm, from its sums: var(y) + theta^2 var(x) - 2 theta cov.
CREATE FUNCTION stat_adjusted_variance AS (n, y, yy, x, xx, xy, theta) ->
    stat_sample_covariance(n, y, y, yy)
    + theta * theta * stat_sample_covariance(n, x, x, xx)
    - 2 * theta * stat_sample_covariance(n, x, y, xy)
