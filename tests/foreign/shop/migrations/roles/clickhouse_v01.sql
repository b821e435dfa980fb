CREATE ROLE ${clickhouse_role} LOGIN;
GRANT USAGE ON SCHEMA shop TO ${clickhouse_role};
GRANT SELECT ON shop.products TO ${clickhouse_role};
