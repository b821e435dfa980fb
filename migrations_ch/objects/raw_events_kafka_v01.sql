-- RawBLOB takes a message whole: LineAsString splits it at line breaks into rows of one offset,
-- of which a merge of the landing table keeps only one.
-- Flush interval and poll time-out are equal: a shorter poll ends in a fixed sleep of 500 ms.
CREATE TABLE raw_events_kafka
(
    message String
)
ENGINE = Kafka(${kafka_collection})
SETTINGS
    kafka_topic_list          = '${topic}',
    kafka_group_name          = '${group}',
    kafka_format              = 'RawBLOB',
    kafka_num_consumers       = 1,
    kafka_handle_error_mode   = 'stream',
    kafka_flush_interval_ms   = 200,
    kafka_poll_timeout_ms     = 200,
    kafka_max_block_size      = 65536,
    kafka_poll_max_batch_size = 65536
