-- The tuning parameter that makes a confidence sequence tightest at n_star users:
-- sqrt((-2 ln(alpha) + ln(1 - 2 ln(alpha))) / n_star); NaN unless 0 < alpha < 1 and n_star > 0.
-- Waudby-Smith, Arbour, Sinha, Kennedy and Ramdas (2021), arXiv 2103.06476, appendix B.2.
CREATE FUNCTION stat_sequential_rho AS (alpha, n_star) ->
    if(
        alpha > 0 AND alpha < 1 AND n_star > 0,
        sqrt((-2 * log(alpha) + log(1 - 2 * log(alpha))) / n_star),
        nan
    )
