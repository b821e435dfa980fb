-- One user in one experiment, as rows came: sets survive duplicates and any order of arrival, but
-- nothing here takes back a correction or a delete. Reports read user_facts, which does.
CREATE TABLE user_experiment_stats
(
    experiment_id        String,
    user_id              String,
    events_ingested      UInt64,
    assignments_ingested UInt64,
    assigned_at          SimpleAggregateFunction(min, Nullable(DateTime64(6, 'UTC'))),
    first_variant        AggregateFunction(argMin, String, Tuple(DateTime64(6, 'UTC'), String)),
    variants             SimpleAggregateFunction(groupUniqArrayArray, Array(String)),
    first_seen           SimpleAggregateFunction(min, Nullable(DateTime64(6, 'UTC'))),
    last_seen            SimpleAggregateFunction(max, Nullable(DateTime64(6, 'UTC'))),
    has_exposure         SimpleAggregateFunction(max, UInt8),
    has_converted        SimpleAggregateFunction(max, UInt8)
)
ENGINE = SummingMergeTree
ORDER BY (experiment_id, user_id)
