-- What could not be used, with the reason: nothing is dropped in silence.
CREATE TABLE rejected_messages
(
    reason      LowCardinality(String),
    message     String CODEC(ZSTD(3)),
    topic       LowCardinality(String),
    partition   UInt64,
    offset      UInt64,
    ingested_at DateTime64(3, 'UTC') DEFAULT now64(3, 'UTC'),
    remedy      String ALIAS transform(
        reason,
        [
            'empty', 'not_json', 'unknown_source', 'unknown_op',
            'event_without_id', 'event_without_experiment', 'event_without_user', 'event_without_timestamp',
            'outbox_without_type',
            'assignment_without_id', 'assignment_without_experiment', 'assignment_without_user',
            'assignment_without_variant', 'assignment_without_time'
        ],
        [
            'find the producer of messages without a value; the connector sends none (tombstones.on.delete=false)',
            'find the producer of this message: only the connector may write to the topic, as JSON in UTF-8',
            'route only the tables events and outbox to this topic (the connector''s transform)',
            'send c, r, u or d as op; truncates and messages of other tools do not belong here',
            'give the row of events its id, as text; REPLICA IDENTITY FULL must hold for deletes',
            'give the row of events its experiment_id, as text',
            'give the row of events its user_id, as text',
            'give the row of events its timestamp, ISO 8601 from 1970 to 2105 (column type timestamptz)',
            'give the row of outbox its type, such as AssignmentCreated',
            'give the assignment its id, in the payload or as the id of the row of outbox',
            'give the assignment its experiment_id, as text in the payload',
            'give the assignment its user_id, as text in the payload',
            'give the assignment its variant_id, as text in the payload',
            'give the assignment its assigned_at in the payload, ISO 8601 from 1970 to 2105'
        ],
        ''
    )
)
ENGINE = ReplacingMergeTree
ORDER BY (topic, partition, offset, reason)
