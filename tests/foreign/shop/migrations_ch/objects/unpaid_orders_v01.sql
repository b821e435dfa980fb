CREATE VIEW unpaid_orders AS
SELECT
    o.country    AS country,
    count()      AS orders,
    sum(o.total) AS total
FROM (SELECT * FROM orders FINAL) AS o
LEFT ANTI JOIN (SELECT * FROM payments FINAL) AS p ON p.order_id = o.id
WHERE o.status != 'cancelled'
GROUP BY country
