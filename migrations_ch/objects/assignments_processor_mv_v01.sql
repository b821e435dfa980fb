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
    JSONExtract(
        payload,
        concat(
            'Tuple(assignment_id String, id String, experiment_id String, user_id String, ',
            'variant_id String, assigned_at String, context String)'
        )
    ) AS assignment,
    '^(19|2[0-2])[0-9]{2}-[0-9]{2}-[0-9]{2}[T ]([01][0-9]|2[0-3])(:[0-5][0-9]){2}' AS iso,
    (text -> if(match(text, iso), parseDateTime64BestEffortOrNull(text, 6, 'UTC'), NULL)) AS time
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
WHERE change.source.table = 'outbox'
  AND change.op IN ('c', 'r')
  AND startsWith(change.after.type, 'Assignment')
  AND assignment_id != ''
  AND assignment.experiment_id != ''
  AND assignment.user_id != ''
  AND assignment.variant_id != ''
  AND JSONType(payload, 'experiment_id') = 'String'
  AND JSONType(payload, 'user_id') = 'String'
  AND JSONType(payload, 'variant_id') = 'String'
  AND time(assignment.assigned_at) IS NOT NULL
