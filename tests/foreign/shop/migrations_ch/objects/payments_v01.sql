-- The newest state of each payment; one that was taken back is gone under FINAL.
CREATE TABLE payments
(
    id         UInt64,
    order_id   UInt64,
    method     Enum8('card' = 1, 'invoice' = 2),
    amount     Decimal(18, 2),
    paid_at    DateTime64(3, 'UTC'),
    lsn        UInt64,
    is_deleted UInt8
)
ENGINE = ReplacingMergeTree(lsn, is_deleted)
ORDER BY id
