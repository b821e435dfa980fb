-- Standard error of (mean_t - mean_c) / |mean_c| by the delta method:
-- sqrt(var_t / n_t / mean_c^2 + var_c / n_c mean_t^2 / mean_c^4); NaN where mean_c is 0.
-- Deng, Knoblich and Lu (2018), Applying the delta method in metric analytics.
CREATE FUNCTION stat_relative_error AS (n_c, mean_c, var_c, n_t, mean_t, var_t) ->
    if(
        n_c > 0 AND n_t > 0 AND mean_c != 0,
        sqrt(var_t / n_t + var_c / n_c * (mean_t / mean_c) * (mean_t / mean_c)) / abs(mean_c),
        nan
    )
