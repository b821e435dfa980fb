-- D17 and D18: one row per session of a user of exactly one variant.
CREATE VIEW user_sessions AS
SELECT
    users.experiment_id  AS experiment_id,
    users.user_id        AS user_id,
    session_no,
    users.variant_id     AS variant_id,
    session.started_at   AS session_start,
    session.ended_at     AS session_end,
    session.duration_s   AS duration_s,
    session.events       AS events,
    session.page_views   AS page_views,
    session.conversions  AS conversions,
    session.engaged      AS engaged
FROM user_timelines AS users
ARRAY JOIN
    sessions                 AS session,
    arrayEnumerate(sessions) AS session_no
