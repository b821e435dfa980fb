CREATE VIEW revenue_report AS
SELECT
    day,
    country,
    uniqExactMerge(orders)    AS placed,
    uniqExactMerge(customers) AS customers,
    sum(units)                AS units,
    sum(revenue)              AS revenue
FROM sales_daily
GROUP BY
    day,
    country
