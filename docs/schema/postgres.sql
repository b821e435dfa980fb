-- The PostgreSQL schema as its history leaves it, with the default names. Written by `make docs`.
--
-- To load it into an empty database, whose server has wal_level = logical:
--     psql --dbname experiments --set ON_ERROR_STOP=1 --file docs/schema/postgres.sql
--     alembic stamp head
-- What belongs to Kafka and Connect, and the roles' passwords, stand in comments.

-- 0001: Hold experiments, their variants and the users.

CREATE SCHEMA experiments;

CREATE TABLE experiments.experiments (
    id TEXT NOT NULL,
    name TEXT NOT NULL,
    status TEXT DEFAULT 'draft' NOT NULL,
    started_at TIMESTAMP WITH TIME ZONE,
    ended_at TIMESTAMP WITH TIME ZONE,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT experiments_pkey PRIMARY KEY (id),
    CONSTRAINT experiments_experiments_status_check_check CHECK (status IN ('draft', 'running', 'paused', 'completed'))
);

CREATE TABLE experiments.variants (
    experiment_id TEXT NOT NULL,
    id TEXT NOT NULL,
    name TEXT NOT NULL,
    is_control BOOLEAN DEFAULT false NOT NULL,
    allocation NUMERIC NOT NULL,
    CONSTRAINT variants_pkey PRIMARY KEY (experiment_id, id),
    CONSTRAINT variants_variants_allocation_check_check CHECK (allocation >= 0),
    CONSTRAINT variants_experiment_id_fkey FOREIGN KEY(experiment_id) REFERENCES experiments.experiments (id)
);

CREATE UNIQUE INDEX variants_one_control ON experiments.variants (experiment_id) WHERE is_control;

CREATE TABLE experiments.users (
    id TEXT NOT NULL,
    country TEXT,
    attributes JSONB DEFAULT '{}' NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT users_pkey PRIMARY KEY (id)
);

-- 0002: Record who got which variant, and what they did.

CREATE TABLE experiments.assignments (
    id UUID DEFAULT gen_random_uuid() NOT NULL,
    experiment_id TEXT NOT NULL,
    user_id TEXT NOT NULL,
    variant_id TEXT NOT NULL,
    assigned_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    context JSONB DEFAULT '{}' NOT NULL,
    CONSTRAINT assignments_pkey PRIMARY KEY (id),
    CONSTRAINT assignments_experiment_id_user_id_key UNIQUE (experiment_id, user_id),
    CONSTRAINT assignments_experiment_id_variant_id_fkey FOREIGN KEY(experiment_id, variant_id) REFERENCES experiments.variants (experiment_id, id),
    CONSTRAINT assignments_user_id_fkey FOREIGN KEY(user_id) REFERENCES experiments.users (id)
);

CREATE INDEX assignments_user_id_idx ON experiments.assignments (user_id);

CREATE TABLE experiments.events (
    id UUID DEFAULT gen_random_uuid() NOT NULL,
    experiment_id TEXT NOT NULL,
    user_id TEXT NOT NULL,
    variant_id TEXT NOT NULL,
    event_type TEXT NOT NULL,
    timestamp TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    assignment_at TIMESTAMP WITH TIME ZONE,
    session_id TEXT,
    properties JSONB DEFAULT '{}' NOT NULL,
    CONSTRAINT events_pkey PRIMARY KEY (id)
);

CREATE INDEX events_experiment_id_user_id_idx ON experiments.events (experiment_id, user_id);

ALTER TABLE experiments.events REPLICA IDENTITY FULL;

-- 0003: Tell the world of every assignment, in the transaction that makes it.

CREATE TABLE experiments.outbox (
    id UUID DEFAULT gen_random_uuid() NOT NULL,
    seq BIGINT GENERATED ALWAYS AS IDENTITY,
    aggregatetype TEXT NOT NULL,
    aggregateid TEXT NOT NULL,
    type TEXT NOT NULL,
    payload JSONB NOT NULL,
    occurred_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT outbox_pkey PRIMARY KEY (id)
);

CREATE INDEX outbox_occurred_at_idx ON experiments.outbox (occurred_at);

CREATE FUNCTION experiments.assignment_to_outbox() RETURNS trigger
        LANGUAGE plpgsql AS $$
        DECLARE
            assignment experiments.assignments := coalesce(NEW, OLD);
        BEGIN
            INSERT INTO experiments.outbox (aggregatetype, aggregateid, type, payload)
            VALUES (
                'assignment',
                assignment.user_id,
                CASE TG_OP
                    WHEN 'INSERT' THEN 'AssignmentCreated'
                    WHEN 'UPDATE' THEN 'AssignmentChanged'
                    ELSE 'AssignmentDeleted'
                END,
                to_jsonb(assignment)
            );
            RETURN NULL;
        END $$;

CREATE TRIGGER assignment_to_outbox
        AFTER INSERT OR UPDATE OR DELETE ON experiments.assignments
        FOR EACH ROW EXECUTE FUNCTION experiments.assignment_to_outbox();

-- 0004: Give Debezium a table for signals and one for its heartbeat.

CREATE TABLE experiments.debezium_signal (
    id VARCHAR(42) NOT NULL,
    type VARCHAR(32) NOT NULL,
    data VARCHAR(2048),
    CONSTRAINT debezium_signal_pkey PRIMARY KEY (id)
);

CREATE TABLE experiments.debezium_heartbeat (
    id INTEGER NOT NULL,
    ts TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT debezium_heartbeat_pkey PRIMARY KEY (id)
);

-- 0005: Let Debezium and ClickHouse in, each with just what it needs.

-- reads what is published, writes its signals and its heartbeat
CREATE ROLE experiments_debezium LOGIN REPLICATION;
GRANT USAGE ON SCHEMA experiments TO experiments_debezium;
GRANT SELECT ON experiments.events, experiments.outbox TO experiments_debezium;
GRANT SELECT, INSERT, UPDATE, DELETE ON experiments.debezium_signal TO experiments_debezium;
GRANT SELECT, INSERT, UPDATE ON experiments.debezium_heartbeat TO experiments_debezium;
-- \password experiments_debezium

-- reads the reference data behind the dictionaries
CREATE ROLE experiments_clickhouse LOGIN;
GRANT USAGE ON SCHEMA experiments TO experiments_clickhouse;
GRANT SELECT ON experiments.experiments, experiments.variants, experiments.users TO experiments_clickhouse;
-- \password experiments_clickhouse

-- 0006: Make the topics that Debezium writes to: the broker makes none by itself.

-- kafka-topics.sh --create --if-not-exists --topic experiments_events --partitions 4

-- kafka-topics.sh --create --if-not-exists --topic __debezium-heartbeat.experiments --partitions 1

-- kafka-topics.sh --create --if-not-exists --topic experiments.experiments.debezium_heartbeat --partitions 1

-- kafka-topics.sh --create --if-not-exists --topic experiments.experiments.debezium_signal --partitions 1

-- kafka-topics.sh --create --if-not-exists --topic experiments.message --partitions 1

-- 0007: Publish events, the outbox and Debezium's own tables.

CREATE PUBLICATION experiments_pub
FOR TABLE experiments.events, experiments.outbox, experiments.debezium_signal, experiments.debezium_heartbeat
WITH (publish = 'insert, update, delete');

-- 0008: Keep every change from here on until Debezium has read it.

SELECT pg_create_logical_replication_slot('experiments_slot', 'pgoutput');

-- 0009: Carry the changes to Kafka.

-- PUT /connectors/experiments/config
-- {
--   "name": "experiments",
--   "connector.class": "io.debezium.connector.postgresql.PostgresConnector",
--   "tasks.max": "1",
--   "plugin.name": "pgoutput",
--   "database.hostname": "postgres",
--   "database.port": "5432",
--   "database.dbname": "experiments",
--   "database.user": "experiments_debezium",
--   "database.password": "${env:ANALYTICS_DEBEZIUM_ROLE_PASSWORD}",
--   "topic.prefix": "experiments",
--   "slot.name": "experiments_slot",
--   "slot.drop.on.stop": "false",
--   "slot.max.retries": "6",
--   "slot.retry.delay.ms": "2000",
--   "publication.name": "experiments_pub",
--   "publication.autocreate.mode": "disabled",
--   "table.include.list": "experiments.events,experiments.outbox,experiments.debezium_signal,experiments.debezium_heartbeat",
--   "message.key.columns": "experiments.events:user_id;experiments.outbox:aggregateid",
--   "message.prefix.exclude.list": ".*",
--   "snapshot.mode": "no_data",
--   "skipped.operations": "t",
--   "tombstones.on.delete": "false",
--   "decimal.handling.mode": "string",
--   "extended.headers.enabled": "false",
--   "signal.enabled.channels": "source",
--   "signal.data.collection": "experiments.debezium_signal",
--   "heartbeat.interval.ms": "5000",
--   "heartbeat.action.query": "INSERT INTO experiments.debezium_heartbeat (id, ts) VALUES (1, now()) ON CONFLICT (id) DO UPDATE SET ts = EXCLUDED.ts",
--   "errors.max.retries": "5",
--   "errors.tolerance": "none",
--   "retriable.restart.connector.wait.ms": "1000",
--   "key.converter": "org.apache.kafka.connect.json.JsonConverter",
--   "key.converter.schemas.enable": "false",
--   "value.converter": "org.apache.kafka.connect.json.JsonConverter",
--   "value.converter.schemas.enable": "false",
--   "transforms": "route",
--   "transforms.route.type": "org.apache.kafka.connect.transforms.RegexRouter",
--   "transforms.route.regex": "experiments\\.experiments\\.(events|outbox)",
--   "transforms.route.replacement": "experiments_events",
--   "producer.override.compression.type": "lz4",
--   "producer.override.linger.ms": "20",
--   "producer.override.batch.size": "262144",
--   "poll.interval.ms": "50",
--   "max.batch.size": "8192",
--   "max.queue.size": "32768"
-- }
