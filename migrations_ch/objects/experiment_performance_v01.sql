-- D1 to D15: one row per variant. NULL where the definition says that there is nothing to compute.
CREATE VIEW experiment_performance AS
WITH
    rate - control_rate                                                            AS difference,
    sqrt(pow(rate - rate_low, 2) + pow(control_rate_high - control_rate, 2))       AS below,
    sqrt(pow(rate_high - rate, 2) + pow(control_rate - control_rate_low, 2))       AS above,
    if(sample_ratio_df >= 1 AND planned_users > 0, sample_ratio_p, NULL)           AS ratio_p
SELECT
    experiment_id,
    variant_id,
    variant_name,
    is_control,
    known_variant,
    users,
    exposed_users,
    converting_users,
    conversions,
    multi_variant_users,
    events_before_assignment,

    if(users > 0, rate, NULL)      AS conversion_rate,
    if(users > 0, rate_low, NULL)  AS conversion_rate_low,
    if(users > 0, rate_high, NULL) AS conversion_rate_high,

    revenue,
    if(users > 0, revenue_mean, NULL)                                     AS revenue_per_user,
    if(conversions > 0, toFloat64(revenue) / conversions, NULL)           AS revenue_per_conversion,
    if(converting_users > 0, toFloat64(revenue) / converting_users, NULL) AS revenue_per_converting_user,

    if(n_controls = 1, statistics.control_variant_id, NULL)               AS control_variant_id,
    if(n_controls = 1, statistics.control_users, NULL)                    AS control_users,
    if(n_controls = 1 AND statistics.control_users > 0, control_rate, NULL) AS control_conversion_rate,

    if(is_comparable, difference, NULL)                                   AS absolute_difference,
    if(is_comparable, difference - below, NULL)                           AS difference_low,
    if(is_comparable, difference + above, NULL)                           AS difference_high,
    if(is_comparable AND control_rate > 0, difference / control_rate, NULL) AS relative_uplift,
    z_score,
    p_value,
    -- Holm (1979): the p-values up to this one, each times the number of those that are not below it
    if(
        z_score IS NULL,
        NULL,
        least(
            1.,
            arrayMax(
                (p, left) -> if(p <= p_value, p * left, 0),
                family_p_values,
                arrayReverse(arrayEnumerate(family_p_values))
            )
        )
    )                                                                     AS p_value_holm,
    if(is_comparable AND rate_variance + control_rate_variance > 0, statistics.sequential_p_value, NULL) AS sequential_p_value,
    if(is_comparable, statistics.chance_to_win, NULL)                     AS chance_to_win,

    if(is_comparable, revenue_mean - control_revenue_mean, NULL)          AS revenue_per_user_difference,
    if(
        is_comparable AND users > 1 AND statistics.control_users > 1 AND revenue_error > 0,
        statistics.revenue_p_value,
        NULL
    )                                                                     AS revenue_p_value,

    if(total_users > 0, users / total_users, NULL)                        AS traffic_share,
    if(total_allocation > 0, allocation / total_allocation, NULL)         AS expected_share,
    ratio_p                                                               AS srm_p_value,
    toUInt8(ifNull(ratio_p < 0.001, false))                               AS srm_alert,
    multiIf(
        users = 0,                        'no_users',
        is_control,                       'control',
        n_controls != 1,                  'no_single_control',
        statistics.control_users = 0,     'control_empty',
        p_value IS NULL,                  'not_testable',
        least_expected < 5,               'low_counts',
        p_value < 0.05 AND z_score > 0,   'significant_up',
        p_value < 0.05,                   'significant_down',
        'inconclusive'
    ) AS status
FROM variant_statistics AS statistics
