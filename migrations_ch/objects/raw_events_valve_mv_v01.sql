CREATE MATERIALIZED VIEW raw_events_valve_mv TO raw_events_valve AS
SELECT message
FROM raw_events_kafka
