-- Holds nothing. While it is detached no new cycle of Kafka reading can start.
CREATE TABLE raw_events_valve
(
    message String
)
ENGINE = Null
