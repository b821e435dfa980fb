-- D6: the z of each variant against the control, in the order of the variants; NULL where it is not testable.
CREATE VIEW experiment_z_scores AS
SELECT
    *,
    -- D6 needs one control, users in both arms, and a conversion that some of them have, but not all
    arrayMap(
        (v, pooled) -> if(
            NOT v.is_control AND n_controls = 1 AND v.users > 0 AND control.users > 0 AND pooled > 0 AND pooled < 1,
            (v.rate - control.rate) / sqrt(pooled * (1 - pooled) * (1 / v.users + 1 / control.users)),
            NULL
        ),
        variants,
        pooled_rates
    ) AS z_scores
FROM
(
    SELECT
        *,
        arrayMap(
            v -> (v.converting_users + control.converting_users) / (v.users + control.users),
            variants
        ) AS pooled_rates
    FROM experiment_variants
)
