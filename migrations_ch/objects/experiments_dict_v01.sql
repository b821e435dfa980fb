CREATE DICTIONARY experiments_dict
(
    experiment_id String,
    name          String,
    status        String,
    started_at    Nullable(DateTime64(6, 'UTC')),
    ended_at      Nullable(DateTime64(6, 'UTC'))
)
PRIMARY KEY experiment_id
SOURCE(POSTGRESQL(
    NAME ${postgres_collection}
    QUERY $$
        SELECT
            id AS experiment_id,
            name,
            status,
            to_char(started_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US') AS started_at,
            to_char(ended_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US') AS ended_at
        FROM experiments.experiments
    $$
))
LAYOUT(COMPLEX_KEY_HASHED())
LIFETIME(MIN 5 MAX 10)
