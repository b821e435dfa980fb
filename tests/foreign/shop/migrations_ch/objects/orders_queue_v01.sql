CREATE TABLE orders_queue
(
    message String
)
ENGINE = Kafka(${kafka_collection})
SETTINGS
    kafka_topic_list        = '${topic}',
    kafka_group_name        = '${group}',
    kafka_format            = 'RawBLOB',
    kafka_flush_interval_ms = 250,
    kafka_poll_timeout_ms   = 250
