-- reads the reference data behind the dictionaries
CREATE ROLE ${clickhouse_role} LOGIN;
GRANT USAGE ON SCHEMA experiments TO ${clickhouse_role};
GRANT SELECT ON experiments.experiments, experiments.variants, experiments.users TO ${clickhouse_role};
