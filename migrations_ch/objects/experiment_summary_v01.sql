-- One row per treatment, for the impatient; the verdict is the first rule that holds.
CREATE VIEW experiment_summary AS
SELECT
    treatments.experiment_id          AS experiment_id,
    experiments.name                  AS experiment_name,
    treatments.variant_id             AS variant_id,
    treatments.variant_name           AS variant_name,
    treatments.control_variant_id     AS control_variant_id,
    treatments.users                  AS users,
    treatments.control_users          AS control_users,
    treatments.conversion_rate        AS conversion_rate,
    treatments.control_conversion_rate AS control_conversion_rate,
    treatments.relative_uplift        AS relative_uplift,
    treatments.absolute_difference    AS absolute_difference,
    treatments.difference_low         AS difference_low,
    treatments.difference_high        AS difference_high,
    treatments.p_value                AS p_value,
    treatments.p_value_holm           AS p_value_holm,
    treatments.sequential_p_value     AS sequential_p_value,
    treatments.chance_to_win          AS chance_to_win,
    treatments.revenue_per_user_difference AS revenue_per_user_difference,
    treatments.revenue_p_value        AS revenue_p_value,
    treatments.srm_p_value            AS srm_p_value,
    treatments.srm_alert              AS srm_alert,
    multiIf(
        srm_alert = 1,                            'do not trust: sample ratio',
        treatments.status = 'no_single_control',  'no single control',
        treatments.status IN ('no_users', 'control_empty', 'not_testable', 'low_counts'), 'not enough data',
        p_value_holm >= 0.05,                     'no difference shown',
        absolute_difference > 0,                  'better',
        'worse'
    ) AS verdict
FROM experiment_performance AS treatments
-- a subquery: joined by itself, the dictionary would be read as soon as this view is created
LEFT JOIN (SELECT experiment_id, name FROM experiments_dict) AS experiments
    ON experiments.experiment_id = treatments.experiment_id
WHERE treatments.is_control = 0
SETTINGS join_use_nulls = 0
