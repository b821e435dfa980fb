-- reads what is published, writes its signals and its heartbeat
CREATE ROLE ${debezium_role} LOGIN REPLICATION;
GRANT USAGE ON SCHEMA experiments TO ${debezium_role};
GRANT SELECT ON experiments.events, experiments.outbox TO ${debezium_role};
GRANT SELECT, INSERT, UPDATE, DELETE ON experiments.debezium_signal TO ${debezium_role};
GRANT SELECT, INSERT, UPDATE ON experiments.debezium_heartbeat TO ${debezium_role};
