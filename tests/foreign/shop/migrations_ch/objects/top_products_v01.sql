CREATE VIEW top_products AS
SELECT
    product_id,
    dictGet('products_dict', 'title', toUInt64(product_id)) AS title,
    sum(quantity)                                           AS units,
    sum(amount)                                             AS revenue
FROM order_lines
GROUP BY product_id
ORDER BY
    revenue DESC,
    product_id
