CREATE MATERIALIZED VIEW payments_inbox_mv TO payments_inbox AS
SELECT
    message,
    _partition AS partition,
    _offset    AS offset
FROM payments_queue
