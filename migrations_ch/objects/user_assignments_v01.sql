-- a(u) and v(u): the earliest live assignment of a user in an experiment, ties by assignment_id.
CREATE VIEW user_assignments AS
SELECT
    experiment_id,
    user_id,
    argMin(assignments.variant_id, (assignments.assigned_at, assignments.assignment_id)) AS variant_id,
    min(assignments.assigned_at)                     AS assigned_at,
    uniqExact(assignments.variant_id)                AS n_variants
FROM assignments_processed AS assignments FINAL
GROUP BY
    experiment_id,
    user_id
