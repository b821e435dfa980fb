-- Assignments come through the outbox. Its rows are inserted only; a delete is its cleaner at work.
CREATE MATERIALIZED VIEW assignments_processor_mv TO assignments_processed AS
WITH
    if(JSONType(message, 'payload') = 'Object', JSONExtractRaw(message, 'payload'), message) AS envelope,
    JSONExtract(
        envelope,
        concat(
            'Tuple(op String, ts_ms UInt64, source Tuple(table String, lsn UInt64), ',
            'after Tuple(id String, type String, payload String))'
        )
    ) AS change,
    change.after.payload AS payload,
    (key -> JSONType(payload, key) = 'String') AS is_text,
    (key -> JSONType(payload, key) IN ('String', 'Null')) AS is_text_or_absent,
    JSONExtract(
        payload,
        concat(
            'Tuple(assignment_id String, id String, experiment_id String, user_id String, ',
            'variant_id String, assigned_at String, context String)'
        )
    ) AS assignment,
    concat(
        '^(19[7-9][0-9]|20[0-9]{2}|210[0-5])-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])',
        '[T ]([01][0-9]|2[0-3])(:[0-5][0-9]){2}([.][0-9]{1,9})?(Z|[+-](0[0-9]|1[0-5])(:?[0-5][0-9])?)?$'
    ) AS iso,
    (text -> if(match(text, iso), parseDateTime64BestEffortOrNull(text, 6, 'UTC'), NULL)) AS time,
    toDateTime64(0, 6, 'UTC') AS epoch
SELECT
    multiIf(
        assignment.assignment_id != '', assignment.assignment_id,
        assignment.id != '', assignment.id,
        change.after.id
    ) AS assignment_id,
    assignment.experiment_id AS experiment_id,
    assignment.user_id       AS user_id,
    assignment.variant_id    AS variant_id,
    assumeNotNull(time(assignment.assigned_at)) AS assigned_at,
    if(JSONType(payload, 'context') = 'Object', assignment.context, '{}') AS context,
    if(change.source.lsn > 0, change.source.lsn, change.ts_ms) AS version,
    toUInt8(change.after.type = 'AssignmentDeleted') AS is_deleted
FROM raw_events
WHERE JSONExtractString(envelope, 'source', 'table') = 'outbox'
  AND change.op IN ('c', 'r')
  AND startsWith(change.after.type, 'Assignment')
  AND JSONType(envelope, 'after', 'type') = 'String'
  AND assignment_id != ''
  AND assignment.experiment_id != ''
  AND assignment.user_id != ''
  AND assignment.variant_id != ''
  AND JSONType(envelope, 'after', 'id') NOT IN ('Object', 'Array', 'Bool')
  AND is_text_or_absent('assignment_id')
  AND is_text_or_absent('id')
  AND is_text('experiment_id')
  AND is_text('user_id')
  AND is_text('variant_id')
  AND time(assignment.assigned_at) >= epoch
