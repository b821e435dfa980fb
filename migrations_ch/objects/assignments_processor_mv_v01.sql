-- Assignments come through the outbox. Its rows are inserted only; a delete is its cleaner at work.
CREATE MATERIALIZED VIEW assignments_processor_mv TO assignments_processed AS
WITH
    if(JSONType(message, 'payload') = 'Object', JSONExtractRaw(message, 'payload'), message) AS envelope,
    JSONExtractRaw(envelope, 'after') AS record,
    JSONExtractString(record, 'type') AS type,
    JSONExtractUInt(envelope, 'source', 'lsn') AS lsn,
    if(JSONType(record, 'payload') = 'Object', JSONExtractRaw(record, 'payload'), JSONExtractString(record, 'payload')) AS assignment,
    parseDateTime64BestEffortOrNull(JSONExtractString(assignment, 'assigned_at'), 6, 'UTC') AS since
SELECT
    multiIf(
        JSONExtractString(assignment, 'assignment_id') != '', JSONExtractString(assignment, 'assignment_id'),
        JSONExtractString(assignment, 'id') != '', JSONExtractString(assignment, 'id'),
        JSONExtractString(record, 'id')
    ) AS assignment_id,
    JSONExtractString(assignment, 'experiment_id') AS experiment_id,
    JSONExtractString(assignment, 'user_id')       AS user_id,
    JSONExtractString(assignment, 'variant_id')    AS variant_id,
    assumeNotNull(since)                           AS assigned_at,
    if(JSONType(assignment, 'context') = 'Object', JSONExtractRaw(assignment, 'context'), '{}') AS context,
    if(lsn > 0, lsn, JSONExtractUInt(envelope, 'ts_ms')) AS version,
    toUInt8(type = 'AssignmentDeleted') AS is_deleted
FROM raw_events
WHERE JSONExtractString(envelope, 'source', 'table') = 'outbox'
  AND JSONExtractString(envelope, 'op') IN ('c', 'r')
  AND startsWith(type, 'Assignment')
  AND assignment_id != ''
  AND experiment_id != ''
  AND user_id != ''
  AND variant_id != ''
  AND since IS NOT NULL
