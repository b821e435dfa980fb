CREATE DICTIONARY variants_dict
(
    experiment_id String,
    variant_id    String,
    name          String,
    is_control    UInt8,
    allocation    Float64
)
PRIMARY KEY experiment_id, variant_id
SOURCE(POSTGRESQL(
    NAME ${postgres_collection}
    QUERY $$
        SELECT
            experiment_id,
            id AS variant_id,
            name,
            is_control::int AS is_control,
            allocation::float8 AS allocation
        FROM experiments.variants
    $$
))
LAYOUT(COMPLEX_KEY_HASHED())
LIFETIME(MIN 5 MAX 10)
