-- P(rate of treatment > rate of control) under uniform priors: Beta(1 + x, 1 + n - x) each, exact.
-- Whole numbers, up to 1,000,000 successes an arm, else NaN. Relative error below 1e-9 up to
-- 50,000 successes, below 1e-8 beyond: the logarithms of the terms are added up one by one.
-- Miller (2015), Formulas for Bayesian A/B testing.
CREATE FUNCTION stat_chance_to_win AS (successes_control, n_control, successes_treatment, n_treatment) ->
    arrayMap(
        (x_c, n_c, x_t, n_t) -> arrayMap(
            countable -> if(
                countable,
                least(1., stat_beta_exceeds(
                    if(countable, x_c, 0) + 1,
                    if(countable, n_c - x_c, 0) + 1,
                    if(countable, x_t, 0) + 1,
                    if(countable, n_t - x_t, 0) + 1
                )),
                nan
            ),
            [
                x_c >= 0 AND x_c <= n_c AND x_c <= 1e6 AND isFinite(n_c)
                AND x_t >= 0 AND x_t <= n_t AND x_t <= 1e6 AND isFinite(n_t)
                AND floor(x_c) = x_c AND floor(x_t) = x_t
            ]
        )[1],
        [stat_number(successes_control)],
        [stat_number(n_control)],
        [stat_number(successes_treatment)],
        [stat_number(n_treatment)]
    )[1]
