-- Intervals and tests of each variant, whether they may be shown or not.
-- Functions expand where they stand: in a view without much around them the query is planned fastest.
CREATE VIEW variant_statistics AS
WITH 1.959963984540054 AS z_95  -- P(|Z| > z) = 0.05
SELECT
    *,
    if(z_score IS NULL, NULL, stat_normal_p(z_score))                   AS p_value,
    stat_holm(arrayMap(z -> stat_normal_p(z), family))                  AS family_holm,
    stat_wilson_low(converting_users, users, z_95)                      AS rate_low,
    1 - stat_wilson_low(users - converting_users, users, z_95)          AS rate_high,
    stat_wilson_low(control_converting_users, control_users, z_95)      AS control_rate_low,
    1 - stat_wilson_low(control_users - control_converting_users, control_users, z_95) AS control_rate_high,
    stat_sequential_p(rate_z, users + control_users, stat_sequential_rho(0.05, 5000)) AS sequential_p_value,
    -- the exact sum has as many terms as there are conversions
    if(
        converting_users + control_converting_users <= 50000,
        stat_beta_exceeds(
            control_converting_users + 1,
            control_users - control_converting_users + 1,
            converting_users + 1,
            users - converting_users + 1
        ),
        stat_normal_cdf(rate_z)
    )                                                                   AS chance_to_win,
    stat_student_p(revenue_t, revenue_df)                               AS revenue_p_value,
    stat_chi_square_p(sample_ratio_chi_square, sample_ratio_df)         AS sample_ratio_p
FROM variants_beside_control
