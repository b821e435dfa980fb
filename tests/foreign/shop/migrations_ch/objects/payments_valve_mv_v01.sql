CREATE MATERIALIZED VIEW payments_valve_mv TO payments_valve AS
SELECT message
FROM payments_queue
