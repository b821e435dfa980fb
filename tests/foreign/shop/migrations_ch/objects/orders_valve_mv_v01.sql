CREATE MATERIALIZED VIEW orders_valve_mv TO orders_valve AS
SELECT message
FROM orders_queue
