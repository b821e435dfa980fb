CREATE MATERIALIZED VIEW user_assignments_mv TO user_experiment_stats AS
SELECT
    experiment_id,
    user_id,
    count()                             AS assignments_ingested,
    min(toNullable(rows.assigned_at))   AS assigned_at,
    argMinState(rows.variant_id, (rows.assigned_at, rows.assignment_id)) AS first_variant,
    groupUniqArray(rows.variant_id)     AS variants
FROM assignments_processed AS rows
WHERE is_deleted = 0
GROUP BY
    experiment_id,
    user_id
