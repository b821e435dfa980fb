-- D14: users by their first assignment, in trailing windows, beside the planned allocation.
CREATE VIEW traffic_allocation AS
SELECT
    experiment_id,
    variant.1 AS variant_id,
    window,
    new_users,
    experiment_new_users,
    if(experiment_new_users > 0, new_users / experiment_new_users, NULL) AS observed_share,
    if(total_allocation > 0, variant.2 / total_allocation, NULL)         AS expected_share
FROM
(
    SELECT
        experiment_id,
        groupArray((variant_id, weight, new)) AS variants,
        sumForEach(new)                       AS totals,
        sum(weight)                           AS total_allocation
    FROM
    (
        SELECT
            experiment_id,
            variant_id,
            max(allocation) AS weight,
            [
                countIf(assigned_at > now64(6, 'UTC') - INTERVAL 1 HOUR),
                countIf(assigned_at > now64(6, 'UTC') - INTERVAL 1 DAY),
                countIf(assigned_at > now64(6, 'UTC') - INTERVAL 7 DAY),
                countIf(assigned_at IS NOT NULL)
            ]               AS new
        FROM
        (
            SELECT experiment_id, variant_id, toNullable(assigned_at) AS assigned_at, 0 AS allocation
            FROM user_assignments
            WHERE n_variants = 1
            UNION ALL
            SELECT experiment_id, variant_id, NULL, allocation
            FROM variants_dict
        )
        GROUP BY
            experiment_id,
            variant_id
    )
    GROUP BY experiment_id
)
ARRAY JOIN variants AS variant
ARRAY JOIN
    ['1h', '24h', '7d', 'all'] AS window,
    variant.3                  AS new_users,
    totals                     AS experiment_new_users
