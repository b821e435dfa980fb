-- D21: valid events by ISO weekday and hour; all 168 cells of each page that has any.
CREATE VIEW behavior_heatmap AS
SELECT
    experiment_id,
    variant_id,
    page,
    toUInt8(intDiv(cell, 24) + 1) AS dow,
    toUInt8(cell % 24)            AS hour,
    -- a cell without events is not among the filled ones: index 0 reads as 0
    filled_events[indexOf(filled, cell)] AS events,
    filled_users[indexOf(filled, cell)]  AS users
FROM
(
    SELECT
        experiment_id,
        variant_id,
        page,
        groupArray(cell)   AS filled,
        groupArray(events) AS filled_events,
        groupArray(users)  AS filled_users
    FROM
    (
        SELECT
            experiment_id,
            variant_id,
            ifNull(visits.page, '(none)') AS page,
            toUInt8((toDayOfWeek(timestamp) - 1) * 24 + toHour(timestamp)) AS cell,
            count()             AS events,
            uniqExact(user_id)  AS users
        FROM assigned_events AS visits
        WHERE is_valid
          AND n_variants = 1
        GROUP BY
            experiment_id,
            variant_id,
            page,
            cell
    )
    GROUP BY
        experiment_id,
        variant_id,
        page
)
ARRAY JOIN range(168) AS cell
