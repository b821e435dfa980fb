CREATE DICTIONARY users_dict
(
    user_id    String,
    created_at DateTime64(6, 'UTC'),
    country    String DEFAULT ''
)
PRIMARY KEY user_id
SOURCE(POSTGRESQL(
    NAME ${postgres_collection}
    QUERY $$
        SELECT
            id AS user_id,
            to_char(created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US') AS created_at,
            coalesce(country, '') AS country
        FROM experiments.users
    $$
))
LAYOUT(COMPLEX_KEY_HASHED())
LIFETIME(MIN 30 MAX 60)
