-- The complement of the two parsers: the first rule that a message breaks.
CREATE MATERIALIZED VIEW rejected_messages_mv TO rejected_messages AS
WITH
    if(JSONType(message, 'payload') = 'Object', JSONExtractRaw(message, 'payload'), message) AS envelope,
    JSONExtractString(envelope, 'op') AS op,
    JSONExtractString(envelope, 'source', 'table') AS source,
    JSONExtractRaw(envelope, if(op = 'd', 'before', 'after')) AS record,
    source = 'outbox' AND op IN ('c', 'r') AND startsWith(JSONExtractString(record, 'type'), 'Assignment') AS is_assignment,
    if(JSONType(record, 'payload') = 'Object', JSONExtractRaw(record, 'payload'), JSONExtractString(record, 'payload')) AS assignment,
    parseDateTime64BestEffortOrNull(JSONExtractString(record, 'timestamp'), 6, 'UTC') AS happened_at,
    parseDateTime64BestEffortOrNull(JSONExtractString(assignment, 'assigned_at'), 6, 'UTC') AS since
SELECT
    multiIf(
        message = '',                                                        'empty',
        NOT isValidJSON(message),                                            'not_json',
        source NOT IN ('events', 'outbox'),                                  'unknown_source',
        op NOT IN ('c', 'r', 'u', 'd'),                                      'unknown_op',
        source = 'events' AND JSONExtractString(record, 'id') = '',            'event_without_id',
        source = 'events' AND JSONExtractString(record, 'experiment_id') = '', 'event_without_experiment',
        source = 'events' AND JSONExtractString(record, 'user_id') = '',       'event_without_user',
        source = 'events' AND happened_at IS NULL,                           'event_without_timestamp',
        is_assignment AND JSONExtractString(assignment, 'experiment_id') = '', 'assignment_without_experiment',
        is_assignment AND JSONExtractString(assignment, 'user_id') = '',       'assignment_without_user',
        is_assignment AND JSONExtractString(assignment, 'variant_id') = '',    'assignment_without_variant',
        is_assignment AND since IS NULL,                                     'assignment_without_time',
        ''
    ) AS reason,
    message,
    topic,
    partition,
    offset
FROM raw_events
WHERE reason != ''
