CREATE MATERIALIZED VIEW inbox_mv TO inbox AS
SELECT
    message,
    mapFromArrays(_headers.name, _headers.value) AS headers,
    tuple(_topic, _partition, _offset)           AS place
FROM orders_queue
