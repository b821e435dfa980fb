CREATE MATERIALIZED VIEW raw_events_mv TO raw_events AS
SELECT
    if(_error = '', message, _raw_message) AS message,
    _topic     AS topic,
    _partition AS partition,
    _offset    AS offset
FROM raw_events_kafka
