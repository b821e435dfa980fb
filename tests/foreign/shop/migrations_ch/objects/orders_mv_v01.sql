CREATE MATERIALIZED VIEW orders_mv TO orders AS
SELECT
    JSONExtractUInt(message, 'id')                                         AS id,
    JSONExtractUInt(message, 'customer_id')                                AS customer_id,
    JSONExtractString(message, 'status')                                   AS status,
    JSONExtractString(message, 'country')                                  AS country,
    JSONExtract(message, 'total', 'Decimal(18, 2)')                        AS total,
    JSONExtract(message, 'address', 'Tuple(city String, zip String)')      AS address,
    JSONExtract(message, 'details', 'Map(String, String)')                 AS details,
    parseDateTime64BestEffort(JSONExtractString(message, 'placed_at'), 3, 'UTC') AS placed_at,
    toUInt32(JSONExtractUInt(message, 'version'))                          AS version
FROM inbox
