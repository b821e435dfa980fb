CREATE MATERIALIZED VIEW sales_hourly_mv TO sales_hourly AS
SELECT
    toStartOfHour(toDateTime(placed_at, 'UTC'))              AS hour,
    country,
    category,
    uniqExactState(order_id)                                 AS orders,
    uniqExactState(customer_id)                              AS customers,
    sum(toUInt64(quantity))                                  AS units,
    sumState(amount)                                         AS revenue,
    sumMap(map(product_id, toUInt64(quantity)))              AS products,
    max(amount)                                              AS largest,
    min(unit_price)                                          AS cheapest,
    countState()                                             AS lines
FROM order_lines
WHERE NOT is_test
GROUP BY
    hour,
    country,
    category
