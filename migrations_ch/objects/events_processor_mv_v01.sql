-- Total: what it cannot use it leaves to rejected_messages_mv, it never fails an insert.
CREATE MATERIALIZED VIEW events_processor_mv TO events_processed AS
WITH
    if(JSONType(message, 'payload') = 'Object', JSONExtractRaw(message, 'payload'), message) AS envelope,
    concat(
        'Tuple(experiment_id String, user_id String, id String, variant_id String, event_type String, ',
        'timestamp String, assignment_at String, session_id Nullable(String), properties String)'
    ) AS row_type,
    JSONExtract(
        envelope,
        concat(
            'Tuple(op String, ts_ms UInt64, source Tuple(table String, lsn UInt64), ',
            'before ', row_type, ', after ', row_type, ')'
        )
    ) AS change,
    change.op AS op,
    if(op = 'd', 'before', 'after') AS side,
    if(op = 'd', change.before, change.after) AS record,
    '^(19|2[0-2])[0-9]{2}-[0-9]{2}-[0-9]{2}[T ]([01][0-9]|2[0-3])(:[0-5][0-9]){2}' AS iso,
    (text -> if(match(text, iso), parseDateTime64BestEffortOrNull(text, 6, 'UTC'), NULL)) AS time,
    -- an update that gives an event another key leaves a tombstone at the old one
    op = 'u'
        AND change.before.id != ''
        AND (change.before.experiment_id, change.before.user_id, change.before.id)
            != (record.experiment_id, record.user_id, record.id)
        AND time(change.before.timestamp) IS NOT NULL AS moved
SELECT
    image.id            AS event_id,
    image.experiment_id AS experiment_id,
    image.variant_id    AS variant_id,
    image.user_id       AS user_id,
    image.event_type    AS event_type,
    assumeNotNull(time(image.timestamp)) AS timestamp,
    time(image.assignment_at)            AS assignment_at,
    image.session_id    AS session_id,
    -- jsonb arrives as a JSON string; an expanded object reads as its text
    if(image.properties = '', '{}', image.properties) AS properties,
    version,
    is_deleted
FROM
(
    SELECT
        if(moved, [record, change.before], [record]) AS images,
        if(moved, [false, true], [op = 'd'])         AS deletions,
        if(change.source.lsn > 0, change.source.lsn, change.ts_ms) AS version
    FROM raw_events
    WHERE change.source.table = 'events'
      AND op IN ('c', 'r', 'u', 'd')
      AND record.id != ''
      AND record.experiment_id != ''
      AND record.user_id != ''
      AND JSONType(envelope, side, 'id') = 'String'
      AND JSONType(envelope, side, 'experiment_id') = 'String'
      AND JSONType(envelope, side, 'user_id') = 'String'
      AND time(record.timestamp) IS NOT NULL
)
ARRAY JOIN
    images    AS image,
    deletions AS is_deleted
