-- The variance of sum(m) / sum(d) times n, by the delta method:
-- (var(m) - 2 R cov(m, d) + R^2 var(d)) / mean(d)^2, R = sum(m) / sum(d).
-- Deng, Knoblich and Lu (2018), Applying the delta method in metric analytics.
CREATE FUNCTION stat_ratio_variance AS (n, sum_m, sum_mm, sum_d, sum_dd, sum_md) ->
    arrayMap(
        (size, m, mm, d, dd, md) -> if(
            size >= 2 AND d != 0,
            (
                stat_sample_covariance(size, m, m, mm)
                - 2 * (m / d) * stat_sample_covariance(size, m, d, md)
                + (m / d) * (m / d) * stat_sample_covariance(size, d, d, dd)
            ) / pow(d / size, 2),
            nan
        ),
        [stat_number(n)],
        [stat_number(sum_m)],
        [stat_number(sum_mm)],
        [stat_number(sum_d)],
        [stat_number(sum_dd)],
        [stat_number(sum_md)]
    )[1]
