-- One row per experiment, its variants gathered in an array.
-- Not a window and not a join: so the filter of whoever reads a report reaches the tables' keys.
CREATE VIEW experiment_variants AS
SELECT
    experiment_id,
    groupArray(tuple(facts.*))            AS variants,
    countIf(is_control)                       AS n_controls,
    arrayFirst(v -> v.is_control, variants)   AS control,
    sum(users)                                AS total_users,
    sumIf(allocation, allocation > 0)         AS total_allocation,
    -- D15: chi-square of the users of every variant that is to have any
    greatest(countIf(allocation > 0) - 1., 0) AS sample_ratio_df,
    sumIf(users, allocation > 0)              AS planned_users,
    arraySum(
        v -> if(v.allocation > 0, pow(v.users - planned_users * v.allocation / total_allocation, 2)
            / (planned_users * v.allocation / total_allocation), 0),
        variants
    )                                         AS sample_ratio_chi_square
FROM variant_facts AS facts
GROUP BY experiment_id
SETTINGS enable_named_columns_in_function_tuple = 1
