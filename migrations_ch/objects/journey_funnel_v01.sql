-- D16: the funnel of each variant.
CREATE VIEW journey_funnel AS
SELECT
    experiment_id,
    variant_id,
    count()                        AS assigned,
    countIf(funnel_step >= 2)      AS exposed,
    countIf(funnel_step = 3)       AS converted,
    exposed / assigned             AS exposure_rate,
    converted / assigned           AS conversion_rate_from_assignment,
    if(exposed > 0, converted / exposed, NULL) AS conversion_rate_from_exposure,
    sum(journeys.converted_without_exposure)   AS converted_without_exposure,
    quantileExact(0.5)(seconds_exposure_to_conversion) AS median_seconds_to_convert
FROM user_journey_analysis AS journeys
GROUP BY
    experiment_id,
    variant_id
