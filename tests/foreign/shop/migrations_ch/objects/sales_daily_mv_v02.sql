CREATE MATERIALIZED VIEW sales_daily_mv TO sales_daily AS
SELECT
    toDate(hour)                   AS day,
    country,
    category,
    uniqExactMergeState(orders)    AS orders,
    uniqExactMergeState(customers) AS customers,
    sum(units)                     AS units,
    sumMerge(revenue)              AS revenue,
    max(largest)                   AS largest
FROM sales_hourly
GROUP BY
    day,
    country,
    category
