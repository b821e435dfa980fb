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
    -- by its path: a tuple takes numbers and arrays for text and objects
    ((place, key) -> JSONType(envelope, place, key) = 'String') AS is_text,
    -- within the years that the hours and days of aggregates and reports can hold
    concat(
        '^(19[7-9][0-9]|20[0-9]{2}|210[0-5])-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])',
        '[T ]([01][0-9]|2[0-3])(:[0-5][0-9]){2}([.][0-9]{1,9})?(Z|[+-](0[0-9]|1[0-5])(:?[0-5][0-9])?)?$'
    ) AS iso,
    (text -> if(match(text, iso), parseDateTime64BestEffortOrNull(text, 6, 'UTC'), NULL)) AS time,
    toDateTime64(0, 6, 'UTC') AS epoch,
    -- an update that gives an event another key leaves a tombstone at the old one
    op = 'u'
        AND change.before.id != ''
        AND change.before.experiment_id != ''
        AND change.before.user_id != ''
        AND (change.before.experiment_id, change.before.user_id, change.before.id)
            != (record.experiment_id, record.user_id, record.id)
        AND is_text('before', 'id')
        AND is_text('before', 'experiment_id')
        AND is_text('before', 'user_id')
        AND time(change.before.timestamp) >= epoch AS moved
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
    WHERE JSONExtractString(envelope, 'source', 'table') = 'events'
      AND op IN ('c', 'r', 'u', 'd')
      AND record.id != ''
      AND record.experiment_id != ''
      AND record.user_id != ''
      AND is_text(side, 'id')
      AND is_text(side, 'experiment_id')
      AND is_text(side, 'user_id')
      AND time(record.timestamp) >= epoch
)
ARRAY JOIN
    images    AS image,
    deletions AS is_deleted
