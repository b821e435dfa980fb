-- Live events of assigned users, each beside its user's assignment. is_valid: at or after it.
CREATE VIEW assigned_events AS
SELECT
    events.experiment_id  AS experiment_id,
    events.user_id        AS user_id,
    users.variant_id      AS variant_id,
    users.assigned_at     AS assigned_at,
    users.n_variants      AS n_variants,
    events.event_id       AS event_id,
    events.event_type     AS event_type,
    events.timestamp      AS timestamp,
    events.page           AS page,
    events.value          AS value,
    events.is_exposure    AS is_exposure,
    events.is_conversion  AS is_conversion,
    events.timestamp >= users.assigned_at AS is_valid
FROM
(
    SELECT experiment_id, user_id, event_id, event_type, timestamp, page, value, is_exposure, is_conversion
    FROM events_processed
    FINAL
) AS events
INNER JOIN user_assignments AS users
    ON users.experiment_id = events.experiment_id
   AND users.user_id = events.user_id
