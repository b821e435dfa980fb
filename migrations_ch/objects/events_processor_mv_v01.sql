-- Total: what it cannot use it leaves to rejected_messages_mv, it never fails an insert.
CREATE MATERIALIZED VIEW events_processor_mv TO events_processed AS
WITH
    if(JSONType(message, 'payload') = 'Object', JSONExtractRaw(message, 'payload'), message) AS envelope,
    JSONExtractString(envelope, 'op') AS op,
    JSONExtractRaw(envelope, if(op = 'd', 'before', 'after')) AS record,
    JSONExtractUInt(envelope, 'source', 'lsn') AS lsn,
    parseDateTime64BestEffortOrNull(JSONExtractString(record, 'timestamp'), 6, 'UTC') AS happened_at
SELECT
    JSONExtractString(record, 'id')            AS event_id,
    JSONExtractString(record, 'experiment_id') AS experiment_id,
    JSONExtractString(record, 'variant_id')    AS variant_id,
    JSONExtractString(record, 'user_id')       AS user_id,
    JSONExtractString(record, 'event_type')    AS event_type,
    assumeNotNull(happened_at)                 AS timestamp,
    parseDateTime64BestEffortOrNull(JSONExtractString(record, 'assignment_at'), 6, 'UTC') AS assignment_at,
    JSONExtract(record, 'session_id', 'Nullable(String)') AS session_id,
    -- jsonb arrives as a JSON string; an expanded object is taken, too
    multiIf(
        JSONType(record, 'properties') = 'Object', JSONExtractRaw(record, 'properties'),
        JSONExtractString(record, 'properties') != '', JSONExtractString(record, 'properties'),
        '{}'
    ) AS properties,
    if(lsn > 0, lsn, JSONExtractUInt(envelope, 'ts_ms')) AS version,
    toUInt8(op = 'd') AS is_deleted
FROM raw_events
WHERE JSONExtractString(envelope, 'source', 'table') = 'events'
  AND op IN ('c', 'r', 'u', 'd')
  AND event_id != ''
  AND experiment_id != ''
  AND user_id != ''
  AND happened_at IS NOT NULL
