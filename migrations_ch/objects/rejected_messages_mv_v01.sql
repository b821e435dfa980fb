-- The complement of the two parsers: the first rule that a message breaks.
CREATE MATERIALIZED VIEW rejected_messages_mv TO rejected_messages AS
WITH
    if(JSONType(message, 'payload') = 'Object', JSONExtractRaw(message, 'payload'), message) AS envelope,
    'Tuple(id String, experiment_id String, user_id String, timestamp String, type String, payload String)' AS row_type,
    JSONExtract(
        envelope,
        concat('Tuple(op String, before ', row_type, ', after ', row_type, ')')
    ) AS change,
    change.op AS op,
    JSONExtractString(envelope, 'source', 'table') AS source,
    if(op = 'd', 'before', 'after') AS side,
    if(op = 'd', change.before, change.after) AS record,
    record.payload AS payload,
    JSONExtract(payload, 'Tuple(assignment_id String, id String, assigned_at String)') AS assignment,
    source = 'events' AS is_event,
    source = 'outbox' AND op IN ('c', 'r') AS is_announcement,
    is_announcement AND startsWith(record.type, 'Assignment') AS is_assignment,
    (key -> JSONType(envelope, side, key) != 'String' OR JSONExtractString(envelope, side, key) = '') AS lacks,
    (key -> JSONType(payload, key) != 'String' OR JSONExtractString(payload, key) = '') AS payload_lacks,
    (key -> JSONType(payload, key) NOT IN ('String', 'Null')) AS payload_misuses,
    concat(
        '^(19[7-9][0-9]|20[0-9]{2}|210[0-5])-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])',
        '[T ]([01][0-9]|2[0-3])(:[0-5][0-9]){2}([.][0-9]{1,9})?(Z|[+-](0[0-9]|1[0-5])(:?[0-5][0-9])?)?$'
    ) AS iso,
    (text -> if(match(text, iso), parseDateTime64BestEffortOrNull(text, 6, 'UTC'), NULL)) AS time,
    (text -> ifNull(time(text) < toDateTime64(0, 6, 'UTC'), true)) AS untimely
SELECT
    -- an array of rules, not multiIf: its lazy branches took six times as long
    arrayFirst(
        rule -> rule.2,
        [
            ('empty',                         message = ''),
            ('not_json',                      source = '' AND NOT isValidJSON(message)),
            ('unknown_source',                source NOT IN ('events', 'outbox')),
            ('unknown_op',                    op NOT IN ('c', 'r', 'u', 'd')),
            ('event_without_id',              is_event AND lacks('id')),
            ('event_without_experiment',      is_event AND lacks('experiment_id')),
            ('event_without_user',            is_event AND lacks('user_id')),
            ('event_without_timestamp',       is_event AND untimely(record.timestamp)),
            ('outbox_without_type',           is_announcement AND lacks('type')),
            ('assignment_without_experiment', is_assignment AND payload_lacks('experiment_id')),
            ('assignment_without_user',       is_assignment AND payload_lacks('user_id')),
            ('assignment_without_variant',    is_assignment AND payload_lacks('variant_id')),
            ('assignment_without_time',       is_assignment AND untimely(assignment.assigned_at)),
            ('assignment_without_id',         is_assignment AND payload_misuses('assignment_id')),
            ('assignment_without_id',         is_assignment AND payload_misuses('id')),
            ('assignment_without_id',         is_assignment AND JSONType(envelope, side, 'id') IN ('Object', 'Array', 'Bool')),
            ('assignment_without_id',         is_assignment AND concat(assignment.assignment_id, assignment.id, record.id) = '')
        ]
    ).1 AS reason,
    message,
    topic,
    partition,
    offset
FROM raw_events
WHERE reason != ''
