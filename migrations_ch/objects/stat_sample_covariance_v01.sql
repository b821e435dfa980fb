-- (sum of products - sum of x * sum of y / n) / (n - 1).
CREATE FUNCTION stat_sample_covariance AS (n, sum_x, sum_y, sum_products) ->
    (sum_products - sum_x / n * sum_y) / (n - 1)
