CREATE ROLE ${debezium_role} LOGIN REPLICATION;
GRANT USAGE ON SCHEMA shop TO ${debezium_role};
GRANT SELECT ON shop.outbox, shop.payments TO ${debezium_role};
