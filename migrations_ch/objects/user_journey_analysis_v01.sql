-- D16 to D18: one row per assigned user of exactly one variant.
CREATE VIEW user_journey_analysis AS
WITH
    arrayFirstOrNull(at -> true, events.exposures) AS first_exposure,
    arrayFirstOrNull(at -> ifNull(at >= first_exposure, false), events.conversions) AS first_conversion
SELECT
    users.experiment_id AS experiment_id,
    users.user_id       AS user_id,
    users.variant_id    AS variant_id,
    users.assigned_at   AS assigned_at,
    first_exposure      AS first_exposure_at,
    first_conversion    AS first_conversion_after_exposure_at,
    toUInt8(multiIf(first_conversion IS NOT NULL, 3, first_exposure IS NOT NULL, 2, 1)) AS funnel_step,
    toUInt8(notEmpty(events.conversions))                            AS converted_any,
    toUInt8(converted_any AND first_conversion IS NULL)              AS converted_without_exposure,
    dateDiff('microsecond', users.assigned_at, first_exposure) / 1000000  AS seconds_to_exposure,
    dateDiff('microsecond', first_exposure, first_conversion) / 1000000   AS seconds_exposure_to_conversion,
    length(events.sessions)                                          AS sessions,
    toUInt64(arrayCount(session -> session.engaged, events.sessions)) AS engaged_sessions,
    arraySum(session -> session.duration_s, events.sessions)         AS total_session_s,
    if(sessions > 0, total_session_s / sessions, NULL)               AS avg_session_s,
    if(sessions > 0, engaged_sessions / sessions, NULL)              AS engagement_rate
FROM user_assignments AS users
LEFT JOIN user_timelines AS events
    ON events.experiment_id = users.experiment_id
   AND events.user_id = users.user_id
WHERE users.n_variants = 1
SETTINGS join_use_nulls = 0
