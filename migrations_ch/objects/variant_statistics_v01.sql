-- Tests of each variant, whether they may be shown or not.
-- Functions expand where they stand: in a view without much around them the query is planned fastest,
-- and without the checks of stat_student_p, stat_chi_square_p and stat_holm in half the time.
CREATE VIEW variant_statistics AS
SELECT
    *,
    if(z_score IS NULL, NULL, stat_normal_p(z_score))                   AS p_value,
    arraySort(arrayMap(z -> stat_normal_p(z), family))                  AS family_p_values,
    stat_sequential_p(rate_z, users + control_users, stat_sequential_rho(0.05, 5000)) AS sequential_p_value,
    -- the exact sum has as many terms as there are conversions
    if(
        conversions_of_both <= 50000,
        stat_beta_exceeds(
            control_converting_users + 1,
            control_users - control_converting_users + 1,
            converting_users + 1,
            users - converting_users + 1
        ),
        stat_normal_cdf(rate_z)
    )                                                                   AS chance_to_win,
    stat_student_nodes(revenue_df)                                      AS nodes,
    stat_student_tail(revenue_t, revenue_df, nodes, stat_student_weights(nodes, revenue_df)) AS revenue_p_value,
    if(
        sample_ratio_chi_square > 0,
        stat_chi_square_tail(sample_ratio_chi_square, sample_ratio_df),
        1
    )                                                                   AS sample_ratio_p
FROM variants_beside_control
