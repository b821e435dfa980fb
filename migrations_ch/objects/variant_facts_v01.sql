-- One row per variant of an experiment: what variants_dict knows of it, and sums over its users.
-- All but multi_variant_users are over U_v, the users of exactly one variant. The interval is Wilson's.
CREATE VIEW variant_facts AS
WITH 1.959963984540054 AS z_95  -- P(|Z| > z) = 0.05
SELECT
    experiment_id,
    variant_id,
    max(name)                     AS variant_name,
    max(is_control)               AS is_control,
    max(known)                    AS known_variant,
    max(allocation)               AS allocation,
    sum(n)                        AS users,
    sum(n_multi)                  AS multi_variant_users,
    sum(n_exposed)                AS exposed_users,
    sum(n_converting)             AS converting_users,
    sum(n_conversions)            AS conversions,
    sum(n_before)                 AS events_before_assignment,
    sum(money)                    AS revenue,
    max(money_variance)           AS revenue_variance,
    converting_users / users      AS rate,
    stat_wilson_low(converting_users, users, z_95)             AS rate_low,
    1 - stat_wilson_low(users - converting_users, users, z_95) AS rate_high
FROM
(
    SELECT
        experiment_id,
        variant_id,
        ''                        AS name,
        toUInt8(0)                AS is_control,
        toUInt8(0)                AS known,
        toFloat64(0)              AS allocation,
        countIf(n_variants = 1)   AS n,
        countIf(n_variants > 1)   AS n_multi,
        sumIf(exposed, n_variants = 1)                  AS n_exposed,
        sumIf(converted, n_variants = 1)                AS n_converting,
        sumIf(facts.conversions, n_variants = 1)        AS n_conversions,
        sumIf(facts.events_before_assignment, n_variants = 1) AS n_before,
        sumIf(facts.revenue, n_variants = 1)            AS money,
        varSampStableIf(toFloat64(facts.revenue), n_variants = 1) AS money_variance
    FROM user_facts AS facts
    GROUP BY
        experiment_id,
        variant_id

    UNION ALL

    SELECT
        experiment_id,
        variant_id,
        name,
        is_control,
        1,
        allocation,
        0, 0, 0, 0, 0, 0, 0, 0
    FROM variants_dict
)
GROUP BY
    experiment_id,
    variant_id
