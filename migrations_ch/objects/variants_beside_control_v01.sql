-- Each variant's facts and, beside them, those of its control: what D3 to D15 are computed from.
CREATE VIEW variants_beside_control AS
SELECT
    experiment_id,
    variant.variant_id               AS variant_id,
    variant.variant_name             AS variant_name,
    variant.is_control               AS is_control,
    variant.known_variant            AS known_variant,
    variant.allocation               AS allocation,
    variant.users                    AS users,
    variant.exposed_users            AS exposed_users,
    variant.converting_users         AS converting_users,
    variant.conversions              AS conversions,
    variant.revenue                  AS revenue,
    variant.revenue_variance         AS revenue_variance,
    variant.multi_variant_users      AS multi_variant_users,
    variant.events_before_assignment AS events_before_assignment,
    n_controls,
    control.variant_id               AS control_variant_id,
    control.users                    AS control_users,
    control.converting_users         AS control_converting_users,
    control.revenue                  AS control_revenue,
    control.revenue_variance         AS control_revenue_variance,
    total_users,
    total_allocation,
    planned_users,
    sample_ratio_df,
    sample_ratio_chi_square,
    z_score,
    arrayFilter(z -> z IS NOT NULL, z_scores) AS family,

    NOT is_control AND n_controls = 1 AND users > 0 AND control_users > 0   AS is_comparable,
    converting_users / users                                                AS rate,
    control_converting_users / control_users                                AS control_rate,
    rate * (1 - rate)                                                       AS rate_variance,
    control_rate * (1 - control_rate)                                       AS control_rate_variance,
    (rate - control_rate) / sqrt(rate_variance / users + control_rate_variance / control_users) AS rate_z,
    -- in whole numbers up to the division: five expected users are five
    converting_users + control_converting_users                             AS conversions_of_both,
    least(conversions_of_both, users + control_users - conversions_of_both) AS rarer_of_both,
    least(users, control_users) * rarer_of_both / (users + control_users)   AS least_expected,
    toFloat64(revenue) / users                                              AS revenue_mean,
    toFloat64(control_revenue) / control_users                              AS control_revenue_mean,
    sqrt(revenue_variance / users + control_revenue_variance / control_users) AS revenue_error,
    (revenue_mean - control_revenue_mean) / revenue_error                   AS revenue_t,
    stat_welch_degrees_of_freedom(control_users, control_revenue_variance, users, revenue_variance) AS revenue_df
FROM
(
    WITH
        (v -> (v.converting_users + control.converting_users) / (v.users + control.users)) AS pooled,
        -- D6 needs one control, users in both arms, and a conversion that some of them have, but not all
        (v -> NOT v.is_control
            AND n_controls = 1
            AND v.users > 0
            AND control.users > 0
            AND pooled(v) > 0
            AND pooled(v) < 1) AS is_testable,
        (v -> (v.converting_users / v.users - control.converting_users / control.users)
            / sqrt(pooled(v) * (1 - pooled(v)) * (1 / v.users + 1 / control.users))) AS z
    SELECT
        *,
        arrayMap(v -> if(is_testable(v), z(v), NULL), variants) AS z_scores
    FROM experiment_variants
)
ARRAY JOIN
    variants AS variant,
    z_scores AS z_score
