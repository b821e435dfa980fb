CREATE MATERIALIZED VIEW order_lines_mv TO order_lines AS
WITH arrayJoin(JSONExtract(
    message,
    'lines',
    'Array(Tuple(no UInt8, product_id UInt32, category String, quantity UInt32, unit_price String))'
)) AS line
SELECT
    JSONExtractUInt(message, 'id')          AS order_id,
    line.no                                 AS line_no,
    JSONExtractUInt(message, 'customer_id') AS customer_id,
    upper(JSONExtractString(message, 'country')) AS country,
    line.product_id                         AS product_id,
    line.category                           AS category,
    line.quantity                           AS quantity,
    CAST(line.unit_price, 'Decimal(12, 2)') AS unit_price,
    JSONExtractBool(message, 'is_test')     AS is_test,
    JSONExtractString(message, 'channel')   AS channel,
    parseDateTime64BestEffort(JSONExtractString(message, 'placed_at'), 3, 'UTC') AS placed_at
FROM inbox
WHERE headers['event'] = 'OrderPlaced'
