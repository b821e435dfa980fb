-- (theta, effect, standard error, p) of the mean difference, treatment minus control, adjusted for
-- a covariate from before the experiment: theta = cov(x, y) / var(x) over both arms together,
-- then Welch's test on y - theta x. NaN below two users in an arm or without variance.
-- Deng, Xu, Kohavi and Walker (2013), Improving the sensitivity of online controlled experiments.
CREATE FUNCTION stat_cuped AS (
    n_control,
    sum_control,
    sum_squares_control,
    cov_sum_control,
    cov_sum_squares_control,
    sum_product_control,
    n_treatment,
    sum_treatment,
    sum_squares_treatment,
    cov_sum_treatment,
    cov_sum_squares_treatment,
    sum_product_treatment
) ->
    arrayMap(
        (n_c, y_c, yy_c, x_c, xx_c, xy_c, n_t, y_t, yy_t, x_t, xx_t, xy_t) -> arrayMap(
            theta -> arrayMap(
                (effect, var_c, var_t) -> arrayMap(
                    error -> (
                        theta,
                        effect,
                        error,
                        stat_student_p(effect / error, stat_welch_degrees_of_freedom(n_c, var_c, n_t, var_t))
                    ),
                    [stat_error_of_difference(n_c, var_c, n_t, var_t)]
                )[1],
                [(y_t - theta * x_t) / n_t - (y_c - theta * x_c) / n_c],
                [stat_adjusted_variance(n_c, y_c, yy_c, x_c, xx_c, xy_c, theta)],
                [stat_adjusted_variance(n_t, y_t, yy_t, x_t, xx_t, xy_t, theta)]
            )[1],
            [
                if(
                    n_c >= 2 AND n_t >= 2
                        AND stat_sample_covariance(n_c + n_t, x_c + x_t, x_c + x_t, xx_c + xx_t) > 0,
                    stat_sample_covariance(n_c + n_t, x_c + x_t, y_c + y_t, xy_c + xy_t)
                        / stat_sample_covariance(n_c + n_t, x_c + x_t, x_c + x_t, xx_c + xx_t),
                    nan
                )
            ]
        )[1],
        [stat_number(n_control)],
        [stat_number(sum_control)],
        [stat_number(sum_squares_control)],
        [stat_number(cov_sum_control)],
        [stat_number(cov_sum_squares_control)],
        [stat_number(sum_product_control)],
        [stat_number(n_treatment)],
        [stat_number(sum_treatment)],
        [stat_number(sum_squares_treatment)],
        [stat_number(cov_sum_treatment)],
        [stat_number(cov_sum_squares_treatment)],
        [stat_number(sum_product_treatment)]
    )[1]
