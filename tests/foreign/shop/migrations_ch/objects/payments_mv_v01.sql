CREATE MATERIALIZED VIEW payments_mv TO payments AS
WITH
    JSONExtractString(message, 'op') AS op,
    JSONExtract(
        message,
        if(op = 'd', 'before', 'after'),
        'Tuple(id UInt64, order_id UInt64, method String, amount String, paid_at String)'
    ) AS row
SELECT
    row.id                                                  AS id,
    row.order_id                                            AS order_id,
    row.method                                              AS method,
    toDecimal64(row.amount, 2)                              AS amount,
    parseDateTime64BestEffort(row.paid_at, 3, 'UTC')        AS paid_at,
    JSONExtractUInt(message, 'source', 'lsn')               AS lsn,
    toUInt8(op = 'd')                                       AS is_deleted
FROM payments_inbox
