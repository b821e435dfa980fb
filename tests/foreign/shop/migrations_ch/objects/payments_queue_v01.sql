CREATE TABLE payments_queue
(
    message String
)
ENGINE = Kafka('${kafka_brokers}', '${payments_topic}', '${group}_payments', 'RawBLOB')
SETTINGS
    kafka_flush_interval_ms = 250,
    kafka_poll_timeout_ms   = 250
