CREATE MATERIALIZED VIEW sales_daily_mv TO sales_daily AS
SELECT
    toDate(hour)                   AS day,
    country,
    uniqExactMergeState(orders)    AS orders,
    uniqExactMergeState(customers) AS customers,
    sum(units)                     AS units,
    sumMerge(revenue)              AS revenue
FROM sales_hourly
GROUP BY
    day,
    country
