-- The ClickHouse schema as its history leaves it, with the default names. Written by `make docs`.
--
-- To load it into an empty database:
--     clickhouse-client --query "CREATE DATABASE experiments_analytics ENGINE = Atomic"
--     clickhouse-client --database experiments_analytics --multiquery < docs/schema/clickhouse.sql
--     alembic -n clickhouse stamp head
-- Addresses and the password in the named collections are examples: change them here, or later
-- with ALTER NAMED COLLECTION.

CREATE NAMED COLLECTION experiments_analytics_kafka AS
    kafka_broker_list       = 'kafka:19092',
    kafka_security_protocol = 'PLAINTEXT',
    kafka_sasl_mechanism    = '',
    kafka_sasl_username     = '',
    kafka_sasl_password     = '';

CREATE NAMED COLLECTION experiments_analytics_postgres AS
    host     = 'postgres',
    port     = 5432,
    database = 'experiments',
    schema   = 'experiments',
    user     = 'experiments_clickhouse',
    password = 'not-a-password';

-- The landing table: every message as it came. It is the replay source, and the one place
-- where ingest can be paused; all parsers read it, none reads Kafka.
-- Its key holds the message, too: a topic that is made again begins at offset 0.
CREATE TABLE raw_events
(
    message      String CODEC(ZSTD(3)),
    topic        LowCardinality(String),
    partition    UInt64,
    offset       UInt64,
    ingested_at  DateTime64(3, 'UTC') DEFAULT now64(3, 'UTC'),
    message_hash UInt64 MATERIALIZED cityHash64(message)
)
ENGINE = ReplacingMergeTree
PRIMARY KEY (topic, partition, offset)
ORDER BY (topic, partition, offset, message_hash)
TTL toDateTime(ingested_at) + INTERVAL 30 DAY
COMMENT 'raw_events v02 b7d71afec8e4';

-- The newest version (by source LSN) of each event wins; a deleted one goes with FINAL.
-- is_valid is the hint at ingest time; reports resolve validity when they are read.
CREATE TABLE events_processed
(
    event_id      String,
    experiment_id String,
    variant_id    String,
    user_id       String,
    event_type    LowCardinality(String),
    timestamp     DateTime64(6, 'UTC'),
    assignment_at Nullable(DateTime64(6, 'UTC')),
    session_id    Nullable(String),
    properties    String,
    version       UInt64,
    is_deleted    UInt8 DEFAULT 0,
    ingested_at   DateTime64(3, 'UTC') DEFAULT now64(3, 'UTC'),
    page          Nullable(String) MATERIALIZED JSONExtract(properties, 'page', 'Nullable(String)'),
    device        Nullable(String) MATERIALIZED JSONExtract(properties, 'device', 'Nullable(String)'),
    -- by way of text: a number that Decimal cannot hold is NULL, where JSONExtract would fail the insert
    value         Nullable(Decimal(18, 4)) MATERIALIZED if(
        match(JSONExtractString(properties, 'value'), '^[+-]?[.]?[0-9]'),
        toDecimal64OrNull(JSONExtractString(properties, 'value'), 4),
        NULL
    ),
    score         Nullable(Int32) MATERIALIZED JSONExtract(properties, 'score', 'Nullable(Int32)'),
    is_conversion Bool MATERIALIZED event_type = 'conversion',
    is_exposure   Bool MATERIALIZED event_type = 'exposure',
    is_valid      Bool MATERIALIZED ifNull(timestamp >= assignment_at, true)
)
ENGINE = ReplacingMergeTree(version, is_deleted)
-- monthly; modulo 8 years, so that no block of strange times opens too many partitions to be taken
PARTITION BY toRelativeMonthNum(timestamp) % 96
ORDER BY (experiment_id, user_id, event_id)
COMMENT 'events_processed v01 71b88ef4bce9';

-- Total: what it cannot use it leaves to rejected_messages_mv, it never fails an insert.
CREATE MATERIALIZED VIEW events_processor_mv TO events_processed AS
(
WITH
    if(JSONType(message, 'payload') = 'Object', JSONExtractRaw(message, 'payload'), message) AS envelope,
    concat(
        'Tuple(experiment_id String, user_id String, id String, variant_id String, event_type String, ',
        'timestamp String, assignment_at String, session_id Nullable(String), properties String)'
    ) AS row_type,
    JSONExtract(
        envelope,
        concat(
            'Tuple(op String, ts_ms UInt64, source Tuple(table String, lsn UInt64), ',
            'before ', row_type, ', after ', row_type, ')'
        )
    ) AS change,
    change.op AS op,
    if(op = 'd', 'before', 'after') AS side,
    if(op = 'd', change.before, change.after) AS record,
    -- by its path: a tuple takes numbers and arrays for text and objects
    ((place, key) -> JSONType(envelope, place, key) = 'String') AS is_text,
    -- within the years that the hours and days of aggregates and reports can hold
    concat(
        '^(19[7-9][0-9]|20[0-9]{2}|210[0-5])-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])',
        '[T ]([01][0-9]|2[0-3])(:[0-5][0-9]){2}([.][0-9]{1,9})?(Z|[+-](0[0-9]|1[0-5])(:?[0-5][0-9])?)?$'
    ) AS iso,
    (text -> if(match(text, iso), parseDateTime64BestEffortOrNull(text, 6, 'UTC'), NULL)) AS time,
    toDateTime64(0, 6, 'UTC') AS epoch,
    -- an update that gives an event another key leaves a tombstone at the old one
    op = 'u'
        AND change.before.id != ''
        AND change.before.experiment_id != ''
        AND change.before.user_id != ''
        AND (change.before.experiment_id, change.before.user_id, change.before.id)
            != (record.experiment_id, record.user_id, record.id)
        AND is_text('before', 'id')
        AND is_text('before', 'experiment_id')
        AND is_text('before', 'user_id')
        AND time(change.before.timestamp) >= epoch AS moved
SELECT
    image.id            AS event_id,
    image.experiment_id AS experiment_id,
    image.variant_id    AS variant_id,
    image.user_id       AS user_id,
    image.event_type    AS event_type,
    assumeNotNull(time(image.timestamp)) AS timestamp,
    time(image.assignment_at)            AS assignment_at,
    image.session_id    AS session_id,
    -- jsonb arrives as a JSON string; an expanded object reads as its text
    if(image.properties = '', '{}', image.properties) AS properties,
    version,
    is_deleted
FROM
(
    SELECT
        if(moved, [record, change.before], [record]) AS images,
        if(moved, [false, true], [op = 'd'])         AS deletions,
        if(change.source.lsn > 0, change.source.lsn, change.ts_ms) AS version
    FROM raw_events
    WHERE JSONExtractString(envelope, 'source', 'table') = 'events'
      AND op IN ('c', 'r', 'u', 'd')
      AND record.id != ''
      AND record.experiment_id != ''
      AND record.user_id != ''
      AND is_text(side, 'id')
      AND is_text(side, 'experiment_id')
      AND is_text(side, 'user_id')
      AND time(record.timestamp) >= epoch
)
ARRAY JOIN
    images    AS image,
    deletions AS is_deleted
)
COMMENT 'events_processor_mv v01 b9f393940bef';

CREATE TABLE assignments_processed
(
    assignment_id String,
    experiment_id String,
    user_id       String,
    variant_id    String,
    assigned_at   DateTime64(6, 'UTC'),
    context       String DEFAULT '{}',
    version       UInt64,
    is_deleted    UInt8 DEFAULT 0,
    ingested_at   DateTime64(3, 'UTC') DEFAULT now64(3, 'UTC'),
    assigned_date Date            MATERIALIZED toDate(assigned_at),
    assigned_hour DateTime('UTC') MATERIALIZED toStartOfHour(assigned_at),
    ingest_lag_ms Int64           MATERIALIZED dateDiff('millisecond', assigned_at, ingested_at)
)
ENGINE = ReplacingMergeTree(version, is_deleted)
ORDER BY (experiment_id, user_id, assignment_id)
COMMENT 'assignments_processed v01 7f0d630d918a';

-- Assignments come through the outbox. Its rows are inserted only; a delete is its cleaner at work.
CREATE MATERIALIZED VIEW assignments_processor_mv TO assignments_processed AS
(
WITH
    if(JSONType(message, 'payload') = 'Object', JSONExtractRaw(message, 'payload'), message) AS envelope,
    JSONExtract(
        envelope,
        concat(
            'Tuple(op String, ts_ms UInt64, source Tuple(table String, lsn UInt64), ',
            'after Tuple(id String, type String, payload String))'
        )
    ) AS change,
    change.after.payload AS payload,
    (key -> JSONType(payload, key) = 'String') AS is_text,
    (key -> JSONType(payload, key) IN ('String', 'Null')) AS is_text_or_absent,
    JSONExtract(
        payload,
        concat(
            'Tuple(assignment_id String, id String, experiment_id String, user_id String, ',
            'variant_id String, assigned_at String, context String)'
        )
    ) AS assignment,
    concat(
        '^(19[7-9][0-9]|20[0-9]{2}|210[0-5])-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])',
        '[T ]([01][0-9]|2[0-3])(:[0-5][0-9]){2}([.][0-9]{1,9})?(Z|[+-](0[0-9]|1[0-5])(:?[0-5][0-9])?)?$'
    ) AS iso,
    (text -> if(match(text, iso), parseDateTime64BestEffortOrNull(text, 6, 'UTC'), NULL)) AS time,
    toDateTime64(0, 6, 'UTC') AS epoch
SELECT
    multiIf(
        assignment.assignment_id != '', assignment.assignment_id,
        assignment.id != '', assignment.id,
        change.after.id
    ) AS assignment_id,
    assignment.experiment_id AS experiment_id,
    assignment.user_id       AS user_id,
    assignment.variant_id    AS variant_id,
    assumeNotNull(time(assignment.assigned_at)) AS assigned_at,
    if(JSONType(payload, 'context') = 'Object', assignment.context, '{}') AS context,
    if(change.source.lsn > 0, change.source.lsn, change.ts_ms) AS version,
    toUInt8(change.after.type = 'AssignmentDeleted') AS is_deleted
FROM raw_events
WHERE JSONExtractString(envelope, 'source', 'table') = 'outbox'
  AND change.op IN ('c', 'r')
  AND startsWith(change.after.type, 'Assignment')
  AND JSONType(envelope, 'after', 'type') = 'String'
  AND assignment_id != ''
  AND assignment.experiment_id != ''
  AND assignment.user_id != ''
  AND assignment.variant_id != ''
  AND JSONType(envelope, 'after', 'id') NOT IN ('Object', 'Array', 'Bool')
  AND is_text_or_absent('assignment_id')
  AND is_text_or_absent('id')
  AND is_text('experiment_id')
  AND is_text('user_id')
  AND is_text('variant_id')
  AND time(assignment.assigned_at) >= epoch
)
COMMENT 'assignments_processor_mv v01 d7e7170e2e8b';

-- What could not be used, with the reason: nothing is dropped in silence.
CREATE TABLE rejected_messages
(
    reason      LowCardinality(String),
    message     String CODEC(ZSTD(3)),
    topic       LowCardinality(String),
    partition   UInt64,
    offset      UInt64,
    ingested_at DateTime64(3, 'UTC') DEFAULT now64(3, 'UTC'),
    remedy      String ALIAS transform(
        reason,
        [
            'empty', 'not_json', 'unknown_source', 'unknown_op',
            'event_without_id', 'event_without_experiment', 'event_without_user', 'event_without_timestamp',
            'outbox_without_type',
            'assignment_without_id', 'assignment_without_experiment', 'assignment_without_user',
            'assignment_without_variant', 'assignment_without_time'
        ],
        [
            'find the producer of messages without a value; the connector sends none (tombstones.on.delete=false)',
            'find the producer of this message: only the connector may write to the topic, as JSON in UTF-8',
            'route only the tables events and outbox to this topic (the connector''s transform)',
            'send c, r, u or d as op; truncates and messages of other tools do not belong here',
            'give the row of events its id, as text; REPLICA IDENTITY FULL must hold for deletes',
            'give the row of events its experiment_id, as text',
            'give the row of events its user_id, as text',
            'give the row of events its timestamp, ISO 8601 from 1970 to 2105 (column type timestamptz)',
            'give the row of outbox its type, such as AssignmentCreated',
            'give the assignment its id, in the payload or as the id of the row of outbox',
            'give the assignment its experiment_id, as text in the payload',
            'give the assignment its user_id, as text in the payload',
            'give the assignment its variant_id, as text in the payload',
            'give the assignment its assigned_at in the payload, ISO 8601 from 1970 to 2105'
        ],
        ''
    )
)
ENGINE = ReplacingMergeTree
ORDER BY (topic, partition, offset, reason)
COMMENT 'rejected_messages v01 59329abbc023';

-- The complement of the two parsers: the first rule that a message breaks.
CREATE MATERIALIZED VIEW rejected_messages_mv TO rejected_messages AS
(
WITH
    if(JSONType(message, 'payload') = 'Object', JSONExtractRaw(message, 'payload'), message) AS envelope,
    'Tuple(id String, experiment_id String, user_id String, timestamp String, type String, payload String)' AS row_type,
    JSONExtract(
        envelope,
        concat('Tuple(op String, before ', row_type, ', after ', row_type, ')')
    ) AS change,
    change.op AS op,
    JSONExtractString(envelope, 'source', 'table') AS source,
    if(op = 'd', 'before', 'after') AS side,
    if(op = 'd', change.before, change.after) AS record,
    record.payload AS payload,
    JSONExtract(payload, 'Tuple(assignment_id String, id String, assigned_at String)') AS assignment,
    source = 'events' AS is_event,
    source = 'outbox' AND op IN ('c', 'r') AS is_announcement,
    is_announcement AND startsWith(record.type, 'Assignment') AS is_assignment,
    (key -> JSONType(envelope, side, key) != 'String' OR JSONExtractString(envelope, side, key) = '') AS lacks,
    (key -> JSONType(payload, key) != 'String' OR JSONExtractString(payload, key) = '') AS payload_lacks,
    (key -> JSONType(payload, key) NOT IN ('String', 'Null')) AS payload_misuses,
    concat(
        '^(19[7-9][0-9]|20[0-9]{2}|210[0-5])-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])',
        '[T ]([01][0-9]|2[0-3])(:[0-5][0-9]){2}([.][0-9]{1,9})?(Z|[+-](0[0-9]|1[0-5])(:?[0-5][0-9])?)?$'
    ) AS iso,
    (text -> if(match(text, iso), parseDateTime64BestEffortOrNull(text, 6, 'UTC'), NULL)) AS time,
    (text -> ifNull(time(text) < toDateTime64(0, 6, 'UTC'), true)) AS untimely
SELECT
    -- an array of rules, not multiIf: its lazy branches took six times as long
    arrayFirst(
        rule -> rule.2,
        [
            ('empty',                         message = ''),
            ('not_json',                      source = '' AND NOT isValidJSON(message)),
            ('unknown_source',                source NOT IN ('events', 'outbox')),
            ('unknown_op',                    op NOT IN ('c', 'r', 'u', 'd')),
            ('event_without_id',              is_event AND lacks('id')),
            ('event_without_experiment',      is_event AND lacks('experiment_id')),
            ('event_without_user',            is_event AND lacks('user_id')),
            ('event_without_timestamp',       is_event AND untimely(record.timestamp)),
            ('outbox_without_type',           is_announcement AND lacks('type')),
            ('assignment_without_experiment', is_assignment AND payload_lacks('experiment_id')),
            ('assignment_without_user',       is_assignment AND payload_lacks('user_id')),
            ('assignment_without_variant',    is_assignment AND payload_lacks('variant_id')),
            ('assignment_without_time',       is_assignment AND untimely(assignment.assigned_at)),
            ('assignment_without_id',         is_assignment AND payload_misuses('assignment_id')),
            ('assignment_without_id',         is_assignment AND payload_misuses('id')),
            ('assignment_without_id',         is_assignment AND JSONType(envelope, side, 'id') IN ('Object', 'Array', 'Bool')),
            ('assignment_without_id',         is_assignment AND concat(assignment.assignment_id, assignment.id, record.id) = '')
        ]
    ).1 AS reason,
    message,
    topic,
    partition,
    offset
FROM raw_events
WHERE reason != ''
)
COMMENT 'rejected_messages_mv v01 5288189f4000';

-- By event hour. Counts are sets, so that a message that comes twice counts once;
-- the *_ingested columns count rows as they came and are for diagnosis only.
CREATE TABLE experiment_hourly_stats
(
    experiment_id    String,
    variant_id       String,
    hour             DateTime('UTC'),
    events           AggregateFunction(uniqExact, String),
    exposures        AggregateFunction(uniqExactIf, String, UInt8),
    conversions      AggregateFunction(uniqExactIf, String, UInt8),
    users            AggregateFunction(uniqExact, String),
    exposed_users    AggregateFunction(uniqExactIf, String, UInt8),
    converting_users AggregateFunction(uniqExactIf, String, UInt8),
    revenue_ingested SimpleAggregateFunction(sum, Decimal(38, 4)),
    rows_ingested    SimpleAggregateFunction(sum, UInt64),
    value_digest     AggregateFunction(quantilesTDigestIf(0.5, 0.9, 0.99), Float64, UInt8),
    first_event      SimpleAggregateFunction(min, DateTime64(6, 'UTC')),
    last_event       SimpleAggregateFunction(max, DateTime64(6, 'UTC'))
)
ENGINE = AggregatingMergeTree
ORDER BY (experiment_id, variant_id, hour)
COMMENT 'experiment_hourly_stats v01 af1fdbacdf22';

CREATE MATERIALIZED VIEW hourly_stats_mv TO experiment_hourly_stats AS
(
SELECT
    experiment_id,
    variant_id,
    toStartOfHour(timestamp) AS hour,
    uniqExactState(event_id)                   AS events,
    uniqExactIfState(event_id, is_exposure)    AS exposures,
    uniqExactIfState(event_id, is_conversion)  AS conversions,
    uniqExactState(user_id)                    AS users,
    uniqExactIfState(user_id, is_exposure)     AS exposed_users,
    uniqExactIfState(user_id, is_conversion)   AS converting_users,
    sumIf(toDecimal128(ifNull(value, 0), 4), is_conversion) AS revenue_ingested,
    count()                                    AS rows_ingested,
    quantilesTDigestIfState(0.5, 0.9, 0.99)(
        toFloat64(ifNull(value, 0)),
        toUInt8(is_conversion AND value IS NOT NULL)
    )                                          AS value_digest,
    min(timestamp)                             AS first_event,
    max(timestamp)                             AS last_event
FROM events_processed
WHERE is_valid
  AND is_deleted = 0
  AND NOT JSONExtractBool(properties, 'bot')
GROUP BY
    experiment_id,
    variant_id,
    hour
)
COMMENT 'hourly_stats_mv v02 b7dc0e589515';

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
    NAME experiments_analytics_postgres
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
COMMENT 'experiments_dict v01 c489fc45c3c1';

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
    NAME experiments_analytics_postgres
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
COMMENT 'variants_dict v01 5c82641dd0ae';

CREATE DICTIONARY users_dict
(
    user_id    String,
    created_at DateTime64(6, 'UTC'),
    country    String DEFAULT ''
)
PRIMARY KEY user_id
SOURCE(POSTGRESQL(
    NAME experiments_analytics_postgres
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
COMMENT 'users_dict v01 3e53ce006a3b';

-- A number of any type as Float64, NULL as NaN: what every function of ours does at its door.
CREATE FUNCTION stat_number AS (value) ->
    ifNull(toFloat64(value), nan);

-- P(Z <= x) of a standard normal Z: erfc(-x / sqrt(2)) / 2.
-- Abramowitz and Stegun (1964), 7.1.22.
CREATE FUNCTION stat_normal_cdf AS (x) ->
    erfc(-stat_number(x) / sqrt(2)) / 2;

-- P(|Z| >= |z|) of a standard normal Z, the two-sided p-value: erfc(|z| / sqrt(2)).
-- Abramowitz and Stegun (1964), 7.1.22.
CREATE FUNCTION stat_normal_p AS (z) ->
    erfc(abs(stat_number(z)) / sqrt(2));

-- z with P(Z > z) = q for 0 < q <= 1/2, to 0.00045: a rational function of s = sqrt(-2 ln q).
-- Hastings (1955), Approximations for Digital Computers; Abramowitz and Stegun (1964), 26.2.23.
CREATE FUNCTION stat_normal_critical_start AS (upper_tail) ->
    arrayMap(
        s -> s - (2.515517 + s * (0.802853 + s * 0.010328))
               / (1 + s * (1.432788 + s * (0.189269 + s * 0.001308))),
        [sqrt(-2 * log(upper_tail))]
    )[1];

-- z with P(Z > z) = q for 0 < q <= 1/2, to double precision: two steps of Halley's method,
-- z + e / (1 - z e / 2) with e = (P(Z > z) - q) / density(z), each of which triples the digits.
CREATE FUNCTION stat_normal_critical AS (upper_tail) ->
    arrayMap(
        (q, start) -> arrayFold(
            (z, _) -> arrayMap(
                e -> z + e / (1 - z * e / 2),
                [(erfc(z / sqrt(2)) / 2 / q - 1) * exp(z * z / 2 + log(q)) * sqrt(2 * pi())]
            )[1],
            range(2),
            start
        ),
        [upper_tail],
        [stat_normal_critical_start(upper_tail)]
    )[1];

-- x with P(Z <= x) = p of a standard normal Z; -inf at 0, inf at 1, NaN outside.
-- By symmetry from the smaller tail, where p keeps its digits.
CREATE FUNCTION stat_normal_quantile AS (p) ->
    arrayMap(
        probability -> multiIf(
            probability = 0, -inf,
            probability = 1, inf,
            probability > 0 AND probability <= 0.5, -stat_normal_critical(probability),
            probability > 0.5 AND probability < 1, stat_normal_critical(1 - probability),
            nan
        ),
        [stat_number(p)]
    )[1];

-- Degrees of freedom that the functions of Student's distribution take: NaN below 1 (but for
-- rounding), and at most 1e200, where the distribution is the normal one.
CREATE FUNCTION stat_student_degrees_of_freedom AS (df) ->
    arrayMap(
        freedom -> if(freedom > 0.99, least(freedom, 1e200), nan),
        [df]
    )[1];

-- Where the integral of Student's tail is evaluated: r = exp(4 sinh(v)) / (df / 2), for v in steps
-- of 1/24. On this scale the trapezoidal rule gives 13 digits for every t and df >= 1.
-- Takahasi and Mori (1974), Double exponential formulas for numerical integration.
CREATE FUNCTION stat_student_nodes AS (df) ->
    arrayMap(
        v -> exp(2 * (exp(v) - exp(-v))) / (df / 2),
        arrayMap(k -> (k - 89) / 24, range(179))
    );

-- I(y) = integral of (1 + r)^(-(df + 1) / 2) (y + r)^(-1/2) over r > 0; it varies slowly with y.
CREATE FUNCTION stat_student_integral AS (y, nodes, weights) ->
    arraySum((r, weight) -> weight * sqrt(r / (y + r)), nodes, weights);

-- ln P(|T| >= q sqrt(df)) = -df / 2 ln(1 + q^2) + ln I(q^2 / (1 + q^2)) - ln I(0): the regularised
-- incomplete beta function of Student's tail (Abramowitz and Stegun (1964), 26.7.1 and 26.5.3) as
-- an integral of positive terms, so that no digit is lost in either tail.
CREATE FUNCTION stat_student_log_tail AS (q, df, nodes, weights) ->
    log(
        arrayReduce(
            'avgWeighted',
            arrayMap(r -> sqrt(r / (1 / (1 + 1 / q / q) + r)), nodes),
            weights
        )
    )
    - df / 2 * if(q < 1, log1p(q * q), 2 * log(q) + log1p(1 / q / q));

-- P(|T| >= |t|) from nodes and weights for df.
CREATE FUNCTION stat_student_tail AS (t, df, nodes, weights) ->
    exp(stat_student_log_tail(abs(t) / sqrt(df), df, nodes, weights));

-- The weight of each node r: the step, dr / dv, and (1 + r)^(-(df + 1) / 2).
CREATE FUNCTION stat_student_weights AS (nodes, df) ->
    arrayMap(
        (r, v) -> (exp(v) + exp(-v)) / 12 * sqrt(r) * exp(-(df + 1) / 2 * log1p(r)),
        nodes,
        arrayMap(k -> (k - 89) / 24, range(179))
    );

-- P(|T| >= |t|), the two-sided p-value of Student's t with df degrees of freedom, which need not
-- be whole; NaN below df = 1. Student (1908), The probable error of a mean.
CREATE FUNCTION stat_student_p AS (t, df) ->
    arrayMap(
        (statistic, freedom) -> arrayMap(
            nodes -> stat_student_tail(
                statistic,
                freedom,
                nodes,
                stat_student_weights(nodes, freedom)
            ),
            [stat_student_nodes(freedom)]
        )[1],
        [stat_number(t)],
        [stat_student_degrees_of_freedom(stat_number(df))]
    )[1];

-- ln(t / sqrt(df)) with P(|T| > t) = alpha, roughly: the smaller one of Wallace's value from the
-- normal quantile z, and the power law that holds far out in the tail.
-- Wallace (1959), Bounds on normal approximations to Student's and the chi-square distributions.
CREATE FUNCTION stat_student_critical_start AS (alpha, df, nodes, weights) ->
    arrayMap(
        x -> least(
            x / 4 + log(2 * sinh(x / 2)) / 2,
            (log(2 / df / stat_student_integral(0, nodes, weights)) - log(alpha)) / df
        ),
        [pow(stat_normal_critical_start(alpha / 2) * (8 * df + 3) / (8 * df + 1), 2) / df]
    )[1];

-- t with P(|T| > t) = alpha for 0 < alpha < 1: Newton's method on ln P over ln t, a concave curve
-- with slope -2 sqrt(y) / I(y), y = q^2 / (1 + q^2), q = t / sqrt(df). Four steps give 13 digits.
CREATE FUNCTION stat_student_critical AS (alpha, df, nodes, weights) ->
    sqrt(df) * exp(
        arrayFold(
            (log_q, _) -> arrayMap(
                (q, y) -> log_q
                    + (stat_student_log_tail(q, df, nodes, weights) - log(alpha))
                    * stat_student_integral(y, nodes, weights) / (2 * sqrt(y)),
                [exp(log_q)],
                [1 / (1 + exp(-2 * log_q))]
            )[1],
            range(4),
            stat_student_critical_start(alpha, df, nodes, weights)
        )
    );

-- t with P(|T| > t) = alpha, the critical value for a two-sided alpha, for df degrees of freedom,
-- which need not be whole; NaN below df = 1 and unless 0 < alpha < 1.
CREATE FUNCTION stat_student_quantile AS (alpha, df) ->
    arrayMap(
        (level, freedom) -> arrayMap(
            nodes -> if(
                level > 0 AND level < 1,
                stat_student_critical(
                    level,
                    freedom,
                    nodes,
                    stat_student_weights(nodes, freedom)
                ),
                nan
            ),
            [stat_student_nodes(freedom)]
        )[1],
        [stat_number(alpha)],
        [stat_student_degrees_of_freedom(stat_number(df))]
    )[1];

-- x ln(x / expected) - (x - expected) >= 0, without the cancellation that it suffers near x.
-- Loader (2000), Fast and accurate computation of binomial probabilities.
CREATE FUNCTION stat_deviance AS (x, expected) ->
    x * if(abs(expected - x) < x / 2, -log1p((expected - x) / x), log(x / expected))
    + (expected - x);

-- ln gamma(x) - (x ln(x) - x) for x > 0: what differences of large ln gamma(x) lose.
-- Stirling's series; Abramowitz and Stegun (1964), 6.1.41.
CREATE FUNCTION stat_stirling_remainder AS (x) ->
    if(
        x < 16,
        lgamma(x) - x * log(x) + x,
        log(2 * pi() / x) / 2
            + (1 / 12 - (1 / 360 - (1 / 1260 - 1 / 1680 / x / x) / x / x) / x / x) / x
    );

-- The terms y^(j - 1) exp(-y) / gamma(j) of the tail's finite sum, y = x / 2: j = 1, 2 ... df / 2
-- for even df, j = 3/2, 5/2 ... df / 2 for odd df.
CREATE FUNCTION stat_chi_square_terms AS (y, df) ->
    arrayMap(
        j -> exp(-stat_deviance(j, y) - stat_stirling_remainder(j)) / y,
        arrayMap(i -> df / 2 - i, range(toUInt32(floor(df / 2))))
    );

-- P(chi-square > x) for x > 0 and a whole df > 0, as a finite sum.
-- Abramowitz and Stegun (1964), 26.4.4 and 26.4.5.
CREATE FUNCTION stat_chi_square_tail AS (x, df) ->
    if(df % 2 = 1, erfc(sqrt(x / 2)), 0) + arraySum(stat_chi_square_terms(x / 2, df));

-- P(chi-square >= x), the upper tail, with df degrees of freedom: whole, 1 to 1,000,000, else NaN.
-- Pearson (1900).
CREATE FUNCTION stat_chi_square_p AS (x, df) ->
    arrayMap(
        (statistic, freedom) -> multiIf(
            isNaN(statistic) OR freedom = 0, nan,
            statistic <= 0, 1,
            statistic = inf, 0,
            stat_chi_square_tail(statistic, freedom)
        ),
        [stat_number(x)],
        arrayMap(
            freedom -> if(freedom >= 1 AND freedom <= 1e6 AND freedom = floor(freedom), freedom, 0),
            [stat_number(df)]
        )
    )[1];

-- successes / n; NaN unless 0 <= successes <= n and n > 0.
CREATE FUNCTION stat_rate AS (successes, n) ->
    if(n > 0 AND isFinite(n) AND successes >= 0 AND successes <= n, successes / n, nan);

-- (z, p) of the pooled test for two proportions, first minus second:
-- (x1 / n1 - x2 / n2) / sqrt(p (1 - p) (1 / n1 + 1 / n2)), p = (x1 + x2) / (n1 + n2).
-- NaN where nobody or everybody succeeded. Fleiss (1981), Statistical Methods for Rates.
CREATE FUNCTION stat_two_proportions AS (successes_1, n_1, successes_2, n_2) ->
    arrayMap(
        (x1, n1, x2, n2) -> arrayMap(
            z -> (z, stat_normal_p(z)),
            [
                (stat_rate(x1, n1) - stat_rate(x2, n2))
                / sqrt(stat_rate(x1 + x2, n1 + n2) * stat_rate(n1 - x1 + n2 - x2, n1 + n2))
                / sqrt(1 / n1 + 1 / n2)
            ]
        )[1],
        [stat_number(successes_1)],
        [stat_number(n_1)],
        [stat_number(successes_2)],
        [stat_number(n_2)]
    )[1];

-- z with P(|Z| > z) = alpha; NaN unless 0 < alpha < 1.
CREATE FUNCTION stat_two_sided_z AS (alpha) ->
    arrayMap(
        level -> if(level > 0 AND level < 1, stat_normal_critical(level / 2), nan),
        [alpha]
    )[1];

-- The lower end of Wilson's score interval for z; the upper end is 1 - that of the failures.
-- Written as a quotient, which is exact near 0.
CREATE FUNCTION stat_wilson_low AS (successes, n, z) ->
    successes * stat_rate(successes, n)
    / (successes + z * z / 2 + z * sqrt(successes * (n - successes) / n + z * z / 4));

-- (low, high) of Wilson's score interval for z.
CREATE FUNCTION stat_wilson_at_z AS (successes, n, z) ->
    (stat_wilson_low(successes, n, z), 1 - stat_wilson_low(n - successes, n, z));

-- (low, high): the score interval of a proportion, always inside [0, 1].
-- (x + z^2 / 2 -+ z sqrt(x (n - x) / n + z^2 / 4)) / (n + z^2).
-- Wilson (1927), Probable inference, the law of succession, and statistical inference.
CREATE FUNCTION stat_wilson_interval AS (successes, n, alpha) ->
    arrayMap(
        (x, m, z) -> stat_wilson_at_z(x, m, z),
        [stat_number(successes)],
        [stat_number(n)],
        [stat_two_sided_z(stat_number(alpha))]
    )[1];

-- (low, high) = rate -+ z sqrt(rate (1 - rate) / n).
CREATE FUNCTION stat_wald_at_z AS (rate, n, z) ->
    (rate - z * sqrt(rate * (1 - rate) / n), rate + z * sqrt(rate * (1 - rate) / n));

-- (low, high): Wald's interval after z^2 / 2 successes and z^2 trials more; it may leave [0, 1].
-- Agresti and Coull (1998), Approximate is better than exact for interval estimation.
CREATE FUNCTION stat_agresti_coull_interval AS (successes, n, alpha) ->
    arrayMap(
        (x, m, z) -> stat_wald_at_z(
            (m * stat_rate(x, m) + z * z / 2) / (m + z * z),
            m + z * z,
            z
        ),
        [stat_number(successes)],
        [stat_number(n)],
        [stat_two_sided_z(stat_number(alpha))]
    )[1];

-- (difference, low, high) of two rates from the (low, high) of each.
CREATE FUNCTION stat_newcombe_at_limits AS (rate_1, limits_1, rate_2, limits_2) ->
    (
        rate_1 - rate_2,
        rate_1 - rate_2 - sqrt(pow(rate_1 - limits_1.1, 2) + pow(limits_2.2 - rate_2, 2)),
        rate_1 - rate_2 + sqrt(pow(limits_1.2 - rate_1, 2) + pow(rate_2 - limits_2.1, 2))
    );

-- (difference, low, high) of two proportions, first minus second: hybrid score interval.
-- Newcombe (1998), Interval estimation for the difference between independent proportions,
-- method 10, without continuity correction.
CREATE FUNCTION stat_newcombe_difference AS (successes_1, n_1, successes_2, n_2, alpha) ->
    arrayMap(
        (x1, n1, x2, n2, z) -> arrayMap(
            (p1, limits1, p2, limits2) -> stat_newcombe_at_limits(p1, limits1, p2, limits2),
            [stat_rate(x1, n1)],
            [stat_wilson_at_z(x1, n1, z)],
            [stat_rate(x2, n2)],
            [stat_wilson_at_z(x2, n2, z)]
        )[1],
        [stat_number(successes_1)],
        [stat_number(n_1)],
        [stat_number(successes_2)],
        [stat_number(n_2)],
        [stat_two_sided_z(stat_number(alpha))]
    )[1];

-- (difference, low, high) of two proportions, first minus second:
-- p1 - p2 -+ z sqrt(p1 (1 - p1) / n1 + p2 (1 - p2) / n2).
-- Fleiss (1981), Statistical Methods for Rates and Proportions; after Wald (1943).
CREATE FUNCTION stat_wald_difference AS (successes_1, n_1, successes_2, n_2, alpha) ->
    arrayMap(
        (x1, n1, x2, n2, z) -> arrayMap(
            (difference, half_width) -> (
                difference,
                difference - half_width,
                difference + half_width
            ),
            [stat_rate(x1, n1) - stat_rate(x2, n2)],
            [
                z * sqrt(
                    stat_rate(x1, n1) * stat_rate(n1 - x1, n1) / n1
                    + stat_rate(x2, n2) * stat_rate(n2 - x2, n2) / n2
                )
            ]
        )[1],
        [stat_number(successes_1)],
        [stat_number(n_1)],
        [stat_number(successes_2)],
        [stat_number(n_2)],
        [stat_two_sided_z(stat_number(alpha))]
    )[1];

-- p (1 - p), p = successes / n: the variance of one user's 0 or 1.
CREATE FUNCTION stat_proportion_variance AS (successes, n) ->
    arrayMap(
        (x, size) -> stat_rate(x, size) * stat_rate(size - x, size),
        [stat_number(successes)],
        [stat_number(n)]
    )[1];

-- (statistic, p) with one degree of freedom fewer than there are cells; NaN below two cells.
CREATE FUNCTION stat_chi_square_test AS (statistic, cells) ->
    arrayMap(
        (chi_square, df) -> (chi_square, stat_chi_square_p(chi_square, df)),
        [if(cells >= 2 AND isFinite(statistic), statistic, nan)],
        [toFloat64(cells) - 1]
    )[1];

-- The same for an array, which may be NULL itself.
CREATE FUNCTION stat_numbers AS (members) ->
    arrayConcat(
        emptyArrayFloat64(),
        arrayMap(member -> stat_number(member), ifNull(members, emptyArrayFloat64()))
    );

-- Two arrays as one of pairs of Float64; NaN where one is shorter.
CREATE FUNCTION stat_pairs AS (firsts, seconds) ->
    arrayMap(
        pair -> (ifNull(pair.1, nan), ifNull(pair.2, nan)),
        arrayZipUnaligned(stat_numbers(firsts), stat_numbers(seconds))
    );

-- (statistic, p) of Pearson's goodness of fit: sum of (observed - expected)^2 / expected, with
-- one degree of freedom fewer than there are cells. Expected counts are taken as they are.
-- Pearson (1900), On the criterion that a given system of deviations from the probable ...
CREATE FUNCTION stat_goodness_of_fit AS (observed, expected) ->
    arrayMap(
        cells -> arrayMap(
            statistic -> stat_chi_square_test(statistic, length(cells)),
            [arraySum(c -> if(c.1 >= 0 AND c.2 > 0, pow(c.1 - c.2, 2) / c.2, nan), cells)]
        )[1],
        [stat_pairs(observed, expected)]
    )[1];

-- (statistic, p) of the test that all groups have one proportion P = sum(successes) / sum(n):
-- sum of n (successes / n - P)^2 / (P (1 - P)). NaN where nobody or everybody succeeded.
-- Pearson (1900); Fleiss (1981), Statistical Methods for Rates and Proportions.
CREATE FUNCTION stat_proportions_chi_square AS (successes, n) ->
    arrayMap(
        groups -> arrayMap(
            pooled -> arrayMap(
                statistic -> stat_chi_square_test(statistic, length(groups)),
                [
                    arraySum(g -> g.2 * pow(stat_rate(g.1, g.2) - pooled, 2), groups)
                    / (pooled * (1 - pooled))
                ]
            )[1],
            [arraySum(g -> g.1, groups) / arraySum(g -> g.2, groups)]
        )[1],
        [stat_pairs(successes, n)]
    )[1];

-- (users, share) of each variant with a weight above 0, share = weight / sum of weights; all NaN
-- where a number is missing, negative or infinite.
CREATE FUNCTION stat_allocation AS (users, weights) ->
    arrayMap(
        variants -> arrayMap(
            v -> (
                if(v.1 >= 0 AND isFinite(v.1), v.1, nan),
                v.2 / arraySum(other -> other.2, variants)
            ),
            variants
        ),
        [arrayFilter(v -> NOT v.2 <= 0, stat_pairs(users, weights))]
    )[1];

-- p of the test for a sample ratio mismatch: Pearson's goodness of fit of the users of each
-- variant to the weights. Weights <= 0 are left out; 1 when fewer than two variants or no users
-- remain. Fabijan et al. (2019), Diagnosing sample ratio mismatch in online experiments.
CREATE FUNCTION stat_sample_ratio_p AS (users, weights) ->
    arrayMap(
        variants -> arrayMap(
            total -> multiIf(
                isNaN(total), nan,
                length(variants) < 2 OR total = 0, 1,
                stat_goodness_of_fit(
                    arrayMap(v -> v.1, variants),
                    arrayMap(v -> total * v.2, variants)
                ).2
            ),
            [arraySum(v -> v.1 + 0 * v.2, variants)]
        )[1],
        [stat_allocation(users, weights)]
    )[1];

-- ln of the Bayes factor for other shares than the given ones, under a Dirichlet prior with the
-- given concentration around them: sums of stat_deviance and stat_stirling_remainder instead of
-- ln gamma(concentration share + users), whose large values would cancel.
CREATE FUNCTION stat_log_multinomial_bayes_factor AS (variants, concentration, total) ->
    arraySum(
        v -> stat_deviance(concentration * v.2 + v.1, (concentration + total) * v.2)
            + stat_stirling_remainder(concentration * v.2 + v.1)
            - stat_stirling_remainder(concentration * v.2),
        variants
    )
    - stat_stirling_remainder(concentration + total)
    + stat_stirling_remainder(concentration);

-- p of the test for a sample ratio mismatch that may be looked at after every user: 1 / Bayes
-- factor of a Dirichlet-multinomial, at most 1. Weights <= 0 are left out; 1 when fewer than two
-- variants or no users remain.
-- Lindon and Malek (2020), Anytime-valid inference for multinomial count data, arXiv 2011.03567.
CREATE FUNCTION stat_sequential_sample_ratio_p AS (users, weights, concentration) ->
    arrayMap(
        (variants, strength) -> arrayMap(
            total -> multiIf(
                isNaN(total) OR NOT (strength > 0 AND isFinite(strength)), nan,
                length(variants) < 2 OR total = 0, 1,
                exp(least(0, -stat_log_multinomial_bayes_factor(variants, strength, total)))
            ),
            [arraySum(v -> v.1 + 0 * v.2, variants)]
        )[1],
        [stat_allocation(users, weights)],
        [stat_number(concentration)]
    )[1];

-- P(second > first) for independent Beta(a1, b1) and Beta(a2, b2) with whole a1 and a2:
-- the sum over i < a2 of B(a1 + i, b1 + b2) / ((b2 + i) B(1 + i, b2) B(a1, b1)).
-- The first term is a product over j < a1, the others follow by their ratio to the one before;
-- as sums of logarithms, for no factorial is near. Miller (2015), Formulas for Bayesian A/B testing.
CREATE FUNCTION stat_beta_exceeds AS (a1, b1, a2, b2) ->
    arraySum(
        (log_ratio, log_first) -> exp(log_first + log_ratio),
        arrayCumSum(
            arrayMap(
                i -> if(i = 0, 0., log((a1 + i - 1) / i * ((b2 + i - 1) / (a1 + b1 + b2 + i - 1)))),
                range(toUInt32(a2))
            )
        ),
        arrayResize(
            emptyArrayFloat64(),
            toUInt32(a2),
            arrayReduce('sumKahan', arrayMap(j -> log1p(-b2 / (b1 + b2 + j)), range(toUInt32(a1))))
        )
    );

-- P(rate of treatment > rate of control) under uniform priors: Beta(1 + x, 1 + n - x) each, exact.
-- Whole numbers, up to 1,000,000 successes an arm, else NaN. Relative error below 1e-9 up to
-- 50,000 successes, below 1e-8 beyond: the logarithms of the terms are added up one by one.
-- Miller (2015), Formulas for Bayesian A/B testing.
CREATE FUNCTION stat_chance_to_win AS (successes_control, n_control, successes_treatment, n_treatment) ->
    arrayMap(
        (x_c, n_c, x_t, n_t) -> arrayMap(
            countable -> if(
                countable,
                least(1., stat_beta_exceeds(
                    if(countable, x_c, 0) + 1,
                    if(countable, n_c - x_c, 0) + 1,
                    if(countable, x_t, 0) + 1,
                    if(countable, n_t - x_t, 0) + 1
                )),
                nan
            ),
            [
                x_c >= 0 AND x_c <= n_c AND x_c <= 1e6 AND isFinite(n_c)
                AND x_t >= 0 AND x_t <= n_t AND x_t <= 1e6 AND isFinite(n_t)
                AND floor(x_c) = x_c AND floor(x_t) = x_t
            ]
        )[1],
        [stat_number(successes_control)],
        [stat_number(n_control)],
        [stat_number(successes_treatment)],
        [stat_number(n_treatment)]
    )[1];

-- (sum of squares - sum^2 / n) / (n - 1); NaN below n = 2, and for sums that no numbers have.
-- What rounding makes of equal numbers, a little below 0, is 0.
CREATE FUNCTION stat_sample_variance AS (n, total, sum_squares) ->
    arrayMap(
        (size, s, ss) -> multiIf(
            size >= 2 AND ss >= s / size * s, (ss - s / size * s) / (size - 1),
            size >= 2 AND ss >= s / size * s * (1 - 1e-12), 0,
            nan
        ),
        [stat_number(n)],
        [stat_number(total)],
        [stat_number(sum_squares)]
    )[1];

-- (sum of products - sum of x * sum of y / n) / (n - 1).
CREATE FUNCTION stat_sample_covariance AS (n, sum_x, sum_y, sum_products) ->
    (sum_products - sum_x / n * sum_y) / (n - 1);

-- The variance of sum(m) / sum(d) times n, by the delta method:
-- (var(m) - 2 R cov(m, d) + R^2 var(d)) / mean(d)^2, R = sum(m) / sum(d).
-- Deng, Knoblich and Lu (2018), Applying the delta method in metric analytics.
CREATE FUNCTION stat_ratio_variance AS (n, sum_m, sum_mm, sum_d, sum_dd, sum_md) ->
    arrayMap(
        (size, m, mm, d, dd, md) -> if(
            size >= 2 AND d != 0,
            (
                stat_sample_covariance(size, m, m, mm)
                - 2 * (m / d) * stat_sample_covariance(size, m, d, md)
                + (m / d) * (m / d) * stat_sample_covariance(size, d, d, dd)
            ) / pow(d / size, 2),
            nan
        ),
        [stat_number(n)],
        [stat_number(sum_m)],
        [stat_number(sum_mm)],
        [stat_number(sum_d)],
        [stat_number(sum_dd)],
        [stat_number(sum_md)]
    )[1];

-- sqrt(variance1 / n1 + variance2 / n2); NaN below two values in an arm.
CREATE FUNCTION stat_error_of_difference AS (n1, variance1, n2, variance2) ->
    if(
        n1 >= 2 AND n2 >= 2 AND variance1 >= 0 AND variance2 >= 0,
        sqrt(variance1 / n1 + variance2 / n2),
        nan
    );

-- (effect, low, high, standard error, p) of an estimate whose error follows Student's
-- distribution; low, high and p are NaN where the standard error is 0.
CREATE FUNCTION stat_student_estimate AS (effect, standard_error, df, alpha) ->
    arrayMap(
        (estimate, error, freedom, level) -> arrayMap(
            (half_width, p) -> (estimate, estimate - half_width, estimate + half_width, error, p),
            [error * stat_student_quantile(level, freedom)],
            [stat_student_p(estimate / error, freedom)]
        )[1],
        [if(isFinite(effect), effect, nan)],
        [standard_error],
        [df],
        [alpha]
    )[1];

-- (a + b)^2 / (a^2 / (n1 - 1) + b^2 / (n2 - 1)) for a = variance1 / n1, b = variance2 / n2, from
-- the share a / (a + b). Welch (1947); Satterthwaite (1946).
CREATE FUNCTION stat_welch_degrees_of_freedom AS (n1, variance1, n2, variance2) ->
    arrayMap(
        share -> 1 / (share * share / (n1 - 1) + (1 - share) * (1 - share) / (n2 - 1)),
        [variance1 / n1 / (variance1 / n1 + variance2 / n2)]
    )[1];

-- (effect, low, high, standard error, p) of the mean difference, treatment minus control.
-- Welch (1947), The generalization of Student's problem when several different population
-- variances are involved.
CREATE FUNCTION stat_welch AS (
    n_control,
    mean_control,
    variance_control,
    n_treatment,
    mean_treatment,
    variance_treatment,
    alpha
) ->
    arrayMap(
        (n_c, mean_c, var_c, n_t, mean_t, var_t, level) -> stat_student_estimate(
            mean_t - mean_c,
            stat_error_of_difference(n_c, var_c, n_t, var_t),
            stat_welch_degrees_of_freedom(n_c, var_c, n_t, var_t),
            level
        ),
        [stat_number(n_control)],
        [stat_number(mean_control)],
        [stat_number(variance_control)],
        [stat_number(n_treatment)],
        [stat_number(mean_treatment)],
        [stat_number(variance_treatment)],
        [stat_number(alpha)]
    )[1];

-- Standard error of (mean_t - mean_c) / |mean_c| by the delta method:
-- sqrt(var_t / n_t / mean_c^2 + var_c / n_c mean_t^2 / mean_c^4); NaN where mean_c is 0.
-- Deng, Knoblich and Lu (2018), Applying the delta method in metric analytics.
CREATE FUNCTION stat_relative_error AS (n_c, mean_c, var_c, n_t, mean_t, var_t) ->
    if(
        n_c > 0 AND n_t > 0 AND mean_c != 0,
        sqrt(var_t / n_t + var_c / n_c * (mean_t / mean_c) * (mean_t / mean_c)) / abs(mean_c),
        nan
    );

-- (effect, low, high, standard error, p) of (treatment - control) / |control|; standard error by
-- the delta method, degrees of freedom as in stat_welch.
-- Deng, Knoblich and Lu (2018), Applying the delta method in metric analytics.
CREATE FUNCTION stat_welch_relative AS (
    n_control,
    mean_control,
    variance_control,
    n_treatment,
    mean_treatment,
    variance_treatment,
    alpha
) ->
    arrayMap(
        (n_c, mean_c, var_c, n_t, mean_t, var_t, level) -> stat_student_estimate(
            (mean_t - mean_c) / abs(mean_c),
            if(n_c >= 2 AND n_t >= 2, stat_relative_error(n_c, mean_c, var_c, n_t, mean_t, var_t), nan),
            stat_welch_degrees_of_freedom(n_c, var_c, n_t, var_t),
            level
        ),
        [stat_number(n_control)],
        [stat_number(mean_control)],
        [stat_number(variance_control)],
        [stat_number(n_treatment)],
        [stat_number(mean_treatment)],
        [stat_number(variance_treatment)],
        [stat_number(alpha)]
    )[1];

-- (t, p) of Student's test with a pooled variance, first minus second, n1 + n2 - 2 degrees of
-- freedom; NaN where that variance is 0. Student (1908), The probable error of a mean.
CREATE FUNCTION stat_student_pooled AS (n_1, mean_1, variance_1, n_2, mean_2, variance_2) ->
    arrayMap(
        (n1, mean1, var1, n2, mean2, var2) -> arrayMap(
            t -> (t, stat_student_p(t, n1 + n2 - 2)),
            [
                if(
                    n1 >= 1 AND n2 >= 1 AND n1 + n2 > 2 AND (n1 - 1) * var1 + (n2 - 1) * var2 > 0,
                    (mean1 - mean2)
                        / sqrt(((n1 - 1) * var1 + (n2 - 1) * var2) / (n1 + n2 - 2) * (1 / n1 + 1 / n2)),
                    nan
                )
            ]
        )[1],
        [stat_number(n_1)],
        [stat_number(mean_1)],
        [stat_number(variance_1)],
        [stat_number(n_2)],
        [stat_number(mean_2)],
        [stat_number(variance_2)]
    )[1];

-- p of an asymptotic confidence sequence after n users, k = n rho^2 + 1, z = effect / its error:
-- min(1, sqrt(k) exp(-rho^2 n z^2 / (2 k))). Waudby-Smith et al. (2021), arXiv 2103.06476.
CREATE FUNCTION stat_sequential_p AS (z, n, rho) ->
    least(1., exp(log(n * rho * rho + 1) / 2 - z * z / 2 * (1 - 1 / (n * rho * rho + 1))));

-- (effect, low, high, p) of an asymptotic confidence sequence after n users, k = n rho^2 + 1:
-- half width = standard error sqrt(2 k ln(sqrt(k) / alpha) / n) / rho, p as in stat_sequential_p.
-- Low, high and p are NaN where the standard error is 0. Waudby-Smith et al. (2021), theorem 2.2.
CREATE FUNCTION stat_sequential_estimate AS (effect, standard_error, n, rho, alpha) ->
    arrayMap(
        (estimate, error, size, tuning, level) -> arrayMap(
            k -> arrayMap(
                half_width -> (
                    estimate,
                    estimate - half_width,
                    estimate + half_width,
                    stat_sequential_p(estimate / error, size, tuning)
                ),
                [error * sqrt(2 * k * log(sqrt(k) / level) / size) / tuning]
            )[1],
            [size * tuning * tuning + 1]
        )[1],
        [if(isFinite(effect), effect, nan)],
        [if(standard_error > 0, standard_error, nan)],
        [n],
        [rho],
        [alpha]
    )[1];

-- The tuning parameter that makes a confidence sequence tightest at n_star users:
-- sqrt((-2 ln(alpha) + ln(1 - 2 ln(alpha))) / n_star); NaN unless 0 < alpha < 1 and n_star > 0.
-- Waudby-Smith, Arbour, Sinha, Kennedy and Ramdas (2021), arXiv 2103.06476, appendix B.2.
CREATE FUNCTION stat_sequential_rho AS (alpha, n_star) ->
    if(
        alpha > 0 AND alpha < 1 AND n_star > 0,
        sqrt((-2 * log(alpha) + log(1 - 2 * log(alpha))) / n_star),
        nan
    );

-- (effect, low, high, p) of the mean difference, treatment minus control, safe to look at after
-- every user: an asymptotic confidence sequence, tightest at n_star users of both arms together.
-- Waudby-Smith, Arbour, Sinha, Kennedy and Ramdas (2021), arXiv 2103.06476.
CREATE FUNCTION stat_sequential AS (
    n_control,
    mean_control,
    variance_control,
    n_treatment,
    mean_treatment,
    variance_treatment,
    alpha,
    n_star
) ->
    arrayMap(
        (n_c, mean_c, var_c, n_t, mean_t, var_t, level, best) -> stat_sequential_estimate(
            mean_t - mean_c,
            if(n_c > 0 AND n_t > 0, sqrt(var_t / n_t + var_c / n_c), nan),
            n_c + n_t,
            stat_sequential_rho(level, best),
            level
        ),
        [stat_number(n_control)],
        [stat_number(mean_control)],
        [stat_number(variance_control)],
        [stat_number(n_treatment)],
        [stat_number(mean_treatment)],
        [stat_number(variance_treatment)],
        [stat_number(alpha)],
        [stat_number(n_star)]
    )[1];

-- (effect, low, high, p) of (treatment - control) / |control| as an asymptotic confidence
-- sequence; standard error by the delta method. Waudby-Smith et al. (2021), arXiv 2103.06476.
CREATE FUNCTION stat_sequential_relative AS (
    n_control,
    mean_control,
    variance_control,
    n_treatment,
    mean_treatment,
    variance_treatment,
    alpha,
    n_star
) ->
    arrayMap(
        (n_c, mean_c, var_c, n_t, mean_t, var_t, level, best) -> stat_sequential_estimate(
            (mean_t - mean_c) / abs(mean_c),
            stat_relative_error(n_c, mean_c, var_c, n_t, mean_t, var_t),
            n_c + n_t,
            stat_sequential_rho(level, best),
            level
        ),
        [stat_number(n_control)],
        [stat_number(mean_control)],
        [stat_number(variance_control)],
        [stat_number(n_treatment)],
        [stat_number(mean_treatment)],
        [stat_number(variance_treatment)],
        [stat_number(alpha)],
        [stat_number(n_star)]
    )[1];

-- (relative effect, low, high, chance that it is above 0) of a normal posterior: the estimate of
-- (treatment - control) / |control| with its delta-method error, and a normal prior;
-- prior_variance = inf is the flat prior. Gelman et al. (2013), Bayesian Data Analysis, 2.5.
CREATE FUNCTION stat_gaussian_chance_to_win AS (
    n_control,
    mean_control,
    variance_control,
    n_treatment,
    mean_treatment,
    variance_treatment,
    alpha,
    prior_mean,
    prior_variance
) ->
    arrayMap(
        (n_c, mean_c, var_c, n_t, mean_t, var_t, level, prior, spread) -> arrayMap(
            (effect, precision, z) -> arrayMap(
                (mean, deviation) -> (
                    mean,
                    mean - z * deviation,
                    mean + z * deviation,
                    stat_normal_cdf(mean / deviation)
                ),
                [(effect * precision + prior / spread) / (precision + 1 / spread)],
                [1 / sqrt(precision + 1 / spread)]
            )[1],
            [(mean_t - mean_c) / abs(mean_c)],
            [pow(stat_relative_error(n_c, mean_c, var_c, n_t, mean_t, var_t), -2)],
            [stat_two_sided_z(level)]
        )[1],
        [stat_number(n_control)],
        [stat_number(mean_control)],
        [stat_number(variance_control)],
        [stat_number(n_treatment)],
        [stat_number(mean_treatment)],
        [stat_number(variance_treatment)],
        [stat_number(alpha)],
        [stat_number(prior_mean)],
        [if(stat_number(prior_variance) > 0, stat_number(prior_variance), nan)]
    )[1];

-- The variance of y - theta x in an arm, from its sums: var(y) + theta^2 var(x) - 2 theta cov.
CREATE FUNCTION stat_adjusted_variance AS (n, y, yy, x, xx, xy, theta) ->
    stat_sample_covariance(n, y, y, yy)
    + theta * theta * stat_sample_covariance(n, x, x, xx)
    - 2 * theta * stat_sample_covariance(n, x, y, xy);

-- (theta, effect, standard error, p) of the mean difference, treatment minus control, adjusted for
-- a covariate from before the experiment: theta = cov(x, y) / var(x) over both arms together,
-- then Welch's test on y - theta x. NaN below two users in an arm or without variance.
-- Deng, Xu, Kohavi and Walker (2013), Improving the sensitivity of online controlled experiments.
CREATE FUNCTION stat_cuped AS (
    n_control,
    sum_control,
    sum_squares_control,
    cov_sum_control,
    cov_sum_squares_control,
    sum_product_control,
    n_treatment,
    sum_treatment,
    sum_squares_treatment,
    cov_sum_treatment,
    cov_sum_squares_treatment,
    sum_product_treatment
) ->
    arrayMap(
        (n_c, y_c, yy_c, x_c, xx_c, xy_c, n_t, y_t, yy_t, x_t, xx_t, xy_t) -> arrayMap(
            theta -> arrayMap(
                (effect, var_c, var_t) -> arrayMap(
                    error -> (
                        theta,
                        effect,
                        error,
                        stat_student_p(effect / error, stat_welch_degrees_of_freedom(n_c, var_c, n_t, var_t))
                    ),
                    [stat_error_of_difference(n_c, var_c, n_t, var_t)]
                )[1],
                [(y_t - theta * x_t) / n_t - (y_c - theta * x_c) / n_c],
                [stat_adjusted_variance(n_c, y_c, yy_c, x_c, xx_c, xy_c, theta)],
                [stat_adjusted_variance(n_t, y_t, yy_t, x_t, xx_t, xy_t, theta)]
            )[1],
            [
                if(
                    n_c >= 2 AND n_t >= 2
                        AND stat_sample_covariance(n_c + n_t, x_c + x_t, x_c + x_t, xx_c + xx_t) > 0,
                    stat_sample_covariance(n_c + n_t, x_c + x_t, y_c + y_t, xy_c + xy_t)
                        / stat_sample_covariance(n_c + n_t, x_c + x_t, x_c + x_t, xx_c + xx_t),
                    nan
                )
            ]
        )[1],
        [stat_number(n_control)],
        [stat_number(sum_control)],
        [stat_number(sum_squares_control)],
        [stat_number(cov_sum_control)],
        [stat_number(cov_sum_squares_control)],
        [stat_number(sum_product_control)],
        [stat_number(n_treatment)],
        [stat_number(sum_treatment)],
        [stat_number(sum_squares_treatment)],
        [stat_number(cov_sum_treatment)],
        [stat_number(cov_sum_squares_treatment)],
        [stat_number(sum_product_treatment)]
    )[1];

-- Values that belong to the sorted members of an array, in the order of the array itself; NaN for
-- its NaNs, which sort last. By two sorts: a lookup of each member would copy the array for it.
CREATE FUNCTION stat_in_given_order AS (values_of_sorted, given) ->
    arraySort(
        (value, place) -> place,
        arrayResize(values_of_sorted, length(given), nan),
        arraySort((place, member) -> member, arrayEnumerate(given), given)
    );

-- An array of p-values as Float64; NaN for what is none.
CREATE FUNCTION stat_probabilities AS (ps) ->
    arrayMap(p -> if(p >= 0 AND p <= 1, p, nan), stat_numbers(ps));

-- p-values adjusted for their number, family-wise, in the order given: the running maximum of
-- (m - i + 1) p(i) over the sorted ones, at most 1. NaN stays NaN and does not count into m.
-- Holm (1979), A simple sequentially rejective multiple test procedure.
CREATE FUNCTION stat_holm AS (ps) ->
    arrayMap(
        (given, sorted) -> stat_in_given_order(
            arrayFold(
                (running, p, left) -> arrayPushBack(running, greatest(running[-1], least(1., p * left))),
                sorted,
                arrayReverse(arrayEnumerate(sorted)),
                emptyArrayFloat64()
            ),
            given
        ),
        [stat_probabilities(ps)],
        [arraySort(arrayFilter(p -> NOT isNaN(p), stat_probabilities(ps)))]
    )[1];

-- p-values adjusted for the false discovery rate, in the order given: the running minimum from
-- the largest down of m / i p(i), at most 1. NaN stays NaN and does not count into m.
-- Benjamini and Hochberg (1995), Controlling the false discovery rate.
CREATE FUNCTION stat_benjamini_hochberg AS (ps) ->
    arrayMap(
        (given, sorted) -> stat_in_given_order(
            arrayPopBack(arrayFold(
                (running, p, i) -> arrayPushFront(running, least(running[1], p * length(sorted) / i)),
                arrayReverse(sorted),
                arrayReverse(arrayEnumerate(sorted)),
                [1.]
            )),
            given
        ),
        [stat_probabilities(ps)],
        [arraySort(arrayFilter(p -> NOT isNaN(p), stat_probabilities(ps)))]
    )[1];

-- By day, out of the hourly states: users of a day are the union of its hours, never their sum.
CREATE TABLE experiment_daily_stats
(
    experiment_id    String,
    variant_id       String,
    day              Date,
    rows_ingested    UInt64,
    revenue_ingested Decimal(38, 4),
    events           AggregateFunction(uniqExact, String),
    exposures        AggregateFunction(uniqExactIf, String, UInt8),
    conversions      AggregateFunction(uniqExactIf, String, UInt8),
    users            AggregateFunction(uniqExact, String),
    exposed_users    AggregateFunction(uniqExactIf, String, UInt8),
    converting_users AggregateFunction(uniqExactIf, String, UInt8)
)
ENGINE = SummingMergeTree
ORDER BY (experiment_id, variant_id, day)
COMMENT 'experiment_daily_stats v01 a76b6ae35510';

-- Sees each inserted block of hourly states, never their merges: -MergeState is the bridge.
CREATE MATERIALIZED VIEW daily_stats_mv TO experiment_daily_stats AS
(
SELECT
    experiment_id,
    variant_id,
    toDate(hour)                            AS day,
    sum(rows_ingested)                      AS rows_ingested,
    sum(revenue_ingested)                   AS revenue_ingested,
    uniqExactMergeState(events)             AS events,
    uniqExactIfMergeState(exposures)        AS exposures,
    uniqExactIfMergeState(conversions)      AS conversions,
    uniqExactMergeState(users)              AS users,
    uniqExactIfMergeState(exposed_users)    AS exposed_users,
    uniqExactIfMergeState(converting_users) AS converting_users
FROM experiment_hourly_stats
GROUP BY
    experiment_id,
    variant_id,
    day
)
COMMENT 'daily_stats_mv v01 82364e7dbe84';

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
COMMENT 'user_experiment_stats v01 e7e78f21718d';

CREATE MATERIALIZED VIEW user_stats_mv TO user_experiment_stats AS
(
SELECT
    experiment_id,
    user_id,
    count()                      AS events_ingested,
    argMinStateIf('', (toDateTime64(0, 6, 'UTC'), ''), false) AS first_variant,
    min(toNullable(timestamp))   AS first_seen,
    max(toNullable(timestamp))   AS last_seen,
    toUInt8(max(is_exposure))    AS has_exposure,
    toUInt8(max(is_conversion))  AS has_converted
FROM events_processed
WHERE is_deleted = 0
GROUP BY
    experiment_id,
    user_id
)
COMMENT 'user_stats_mv v01 d4a2cafa0d09';

CREATE MATERIALIZED VIEW user_assignments_mv TO user_experiment_stats AS
(
SELECT
    experiment_id,
    user_id,
    count()                             AS assignments_ingested,
    min(toNullable(rows.assigned_at))   AS assigned_at,
    argMinState(rows.variant_id, (rows.assigned_at, rows.assignment_id)) AS first_variant,
    groupUniqArray(rows.variant_id)     AS variants
FROM assignments_processed AS rows
WHERE is_deleted = 0
GROUP BY
    experiment_id,
    user_id
)
COMMENT 'user_assignments_mv v01 e530d64e8813';

-- a(u) and v(u): the earliest live assignment of a user in an experiment, ties by assignment_id.
CREATE VIEW user_assignments AS
(
SELECT
    experiment_id,
    user_id,
    argMin(assignments.variant_id, (assignments.assigned_at, assignments.assignment_id)) AS variant_id,
    min(assignments.assigned_at)                     AS assigned_at,
    uniqExact(assignments.variant_id)                AS n_variants
FROM assignments_processed AS assignments FINAL
GROUP BY
    experiment_id,
    user_id
)
COMMENT 'user_assignments v01 6e337bf92767';

-- Live events of assigned users, each beside its user's assignment. is_valid: at or after it.
CREATE VIEW assigned_events AS
(
SELECT
    events.experiment_id  AS experiment_id,
    events.user_id        AS user_id,
    users.variant_id      AS variant_id,
    users.assigned_at     AS assigned_at,
    users.n_variants      AS n_variants,
    events.event_id       AS event_id,
    events.event_type     AS event_type,
    events.timestamp      AS timestamp,
    events.page           AS page,
    events.value          AS value,
    events.is_exposure    AS is_exposure,
    events.is_conversion  AS is_conversion,
    events.timestamp >= users.assigned_at AS is_valid
FROM
(
    SELECT experiment_id, user_id, event_id, event_type, timestamp, page, value, is_exposure, is_conversion
    FROM events_processed
    FINAL
) AS events
INNER JOIN user_assignments AS users
    ON users.experiment_id = events.experiment_id
   AND users.user_id = events.user_id
)
COMMENT 'assigned_events v01 647eddcc3628';

-- One row per assigned user, users of several variants included; events count from a(u) on.
CREATE VIEW user_facts AS
(
SELECT
    users.experiment_id          AS experiment_id,
    users.user_id                AS user_id,
    users.variant_id             AS variant_id,
    users.assigned_at            AS assigned_at,
    users.n_variants             AS n_variants,
    counted.events               AS events,
    counted.exposures            AS exposures,
    counted.conversions          AS conversions,
    toUInt8(counted.conversions > 0) AS converted,
    toUInt8(counted.exposures > 0)   AS exposed,
    counted.revenue              AS revenue,
    counted.first_exposure_at    AS first_exposure_at,
    counted.first_conversion_at  AS first_conversion_at,
    counted.events_before_assignment AS events_before_assignment
FROM user_assignments AS users
LEFT JOIN
(
    SELECT
        experiment_id,
        user_id,
        countIf(is_valid)                                  AS events,
        countIf(is_valid AND is_exposure)                  AS exposures,
        countIf(is_valid AND is_conversion)                AS conversions,
        sumIf(toDecimal128(ifNull(value, 0), 4), is_valid AND is_conversion) AS revenue,
        minOrNullIf(timestamp, is_valid AND is_exposure)   AS first_exposure_at,
        minOrNullIf(timestamp, is_valid AND is_conversion) AS first_conversion_at,
        countIf(NOT is_valid)                              AS events_before_assignment
    FROM assigned_events
    GROUP BY
        experiment_id,
        user_id
) AS counted
    ON counted.experiment_id = users.experiment_id
   AND counted.user_id = users.user_id
-- a reader's own setting must not turn the zeros of users without events into NULL
SETTINGS join_use_nulls = 0
)
COMMENT 'user_facts v01 b11bfbadcccc';

-- One row per variant of an experiment: what variants_dict knows of it, and sums over its users.
-- All but multi_variant_users are over U_v, the users of exactly one variant. The interval is Wilson's.
CREATE VIEW variant_facts AS
(
WITH 1.959963984540054 AS z_95  -- P(|Z| > z) = 0.05
SELECT
    experiment_id,
    variant_id,
    max(name)                     AS variant_name,
    max(is_control)               AS is_control,
    max(known)                    AS known_variant,
    max(allocation)               AS allocation,
    sum(n)                        AS users,
    sum(n_multi)                  AS multi_variant_users,
    sum(n_exposed)                AS exposed_users,
    sum(n_converting)             AS converting_users,
    sum(n_conversions)            AS conversions,
    sum(n_before)                 AS events_before_assignment,
    sum(money)                    AS revenue,
    max(money_variance)           AS revenue_variance,
    converting_users / users      AS rate,
    stat_wilson_low(converting_users, users, z_95)             AS rate_low,
    1 - stat_wilson_low(users - converting_users, users, z_95) AS rate_high
FROM
(
    SELECT
        experiment_id,
        variant_id,
        ''                        AS name,
        toUInt8(0)                AS is_control,
        toUInt8(0)                AS known,
        toFloat64(0)              AS allocation,
        countIf(n_variants = 1)   AS n,
        countIf(n_variants > 1)   AS n_multi,
        sumIf(exposed, n_variants = 1)                  AS n_exposed,
        sumIf(converted, n_variants = 1)                AS n_converting,
        sumIf(facts.conversions, n_variants = 1)        AS n_conversions,
        sumIf(facts.events_before_assignment, n_variants = 1) AS n_before,
        sumIf(facts.revenue, n_variants = 1)            AS money,
        varSampStableIf(toFloat64(facts.revenue), n_variants = 1) AS money_variance
    FROM user_facts AS facts
    GROUP BY
        experiment_id,
        variant_id

    UNION ALL

    SELECT
        experiment_id,
        variant_id,
        name,
        is_control,
        1,
        allocation,
        0, 0, 0, 0, 0, 0, 0, 0
    FROM variants_dict
)
GROUP BY
    experiment_id,
    variant_id
)
COMMENT 'variant_facts v01 eda5d8aaa48a';

-- One row per experiment, its variants gathered in an array.
-- Not a window and not a join: so the filter of whoever reads a report reaches the tables' keys.
CREATE VIEW experiment_variants AS
(
SELECT
    experiment_id,
    groupArray(tuple(facts.*))            AS variants,
    countIf(is_control)                       AS n_controls,
    arrayFirst(v -> v.is_control, variants)   AS control,
    sum(users)                                AS total_users,
    sumIf(allocation, allocation > 0)         AS total_allocation,
    -- D15: chi-square of the users of every variant that is to have any
    greatest(countIf(allocation > 0) - 1., 0) AS sample_ratio_df,
    sumIf(users, allocation > 0)              AS planned_users,
    arraySum(
        v -> if(v.allocation > 0, pow(v.users - planned_users * v.allocation / total_allocation, 2)
            / (planned_users * v.allocation / total_allocation), 0),
        variants
    )                                         AS sample_ratio_chi_square
FROM variant_facts AS facts
GROUP BY experiment_id
SETTINGS enable_named_columns_in_function_tuple = 1
)
COMMENT 'experiment_variants v01 701457a4598b';

-- D6: the z of each variant against the control, in the order of the variants; NULL where it is not testable.
CREATE VIEW experiment_z_scores AS
(
SELECT
    *,
    -- D6 needs one control, users in both arms, and a conversion that some of them have, but not all
    arrayMap(
        (v, pooled) -> if(
            NOT v.is_control AND n_controls = 1 AND v.users > 0 AND control.users > 0 AND pooled > 0 AND pooled < 1,
            (v.rate - control.rate) / sqrt(pooled * (1 - pooled) * (1 / v.users + 1 / control.users)),
            NULL
        ),
        variants,
        pooled_rates
    ) AS z_scores
FROM
(
    SELECT
        *,
        arrayMap(
            v -> (v.converting_users + control.converting_users) / (v.users + control.users),
            variants
        ) AS pooled_rates
    FROM experiment_variants
)
)
COMMENT 'experiment_z_scores v01 96905a7fd9b1';

-- Each variant's facts and, beside them, those of its control: what D3 to D15 are computed from.
CREATE VIEW variants_beside_control AS
(
SELECT
    experiment_id,
    variant.variant_id               AS variant_id,
    variant.variant_name             AS variant_name,
    variant.is_control               AS is_control,
    variant.known_variant            AS known_variant,
    variant.allocation               AS allocation,
    variant.users                    AS users,
    variant.exposed_users            AS exposed_users,
    variant.converting_users         AS converting_users,
    variant.conversions              AS conversions,
    variant.multi_variant_users      AS multi_variant_users,
    variant.events_before_assignment AS events_before_assignment,
    variant.rate                     AS rate,
    variant.rate_low                 AS rate_low,
    variant.rate_high                AS rate_high,
    variant.revenue                  AS revenue,
    variant.revenue_variance         AS revenue_variance,
    n_controls,
    control.variant_id               AS control_variant_id,
    control.users                    AS control_users,
    control.converting_users         AS control_converting_users,
    control.rate                     AS control_rate,
    control.rate_low                 AS control_rate_low,
    control.rate_high                AS control_rate_high,
    control.revenue                  AS control_revenue,
    control.revenue_variance         AS control_revenue_variance,
    total_users,
    total_allocation,
    planned_users,
    sample_ratio_df,
    sample_ratio_chi_square,
    z_score,
    arrayFilter(z -> z IS NOT NULL, z_scores) AS family,

    NOT is_control AND n_controls = 1 AND users > 0 AND control_users > 0   AS is_comparable,
    rate * (1 - rate)                                                       AS rate_variance,
    control_rate * (1 - control_rate)                                       AS control_rate_variance,
    (rate - control_rate) / sqrt(rate_variance / users + control_rate_variance / control_users) AS rate_z,
    -- in whole numbers up to the division: five expected users are five
    converting_users + control_converting_users                             AS conversions_of_both,
    least(conversions_of_both, users + control_users - conversions_of_both) AS rarer_of_both,
    least(users, control_users) * rarer_of_both / (users + control_users)   AS least_expected,
    toFloat64(revenue) / users                                              AS revenue_mean,
    toFloat64(control_revenue) / control_users                              AS control_revenue_mean,
    sqrt(revenue_variance / users + control_revenue_variance / control_users) AS revenue_error,
    (revenue_mean - control_revenue_mean) / revenue_error                   AS revenue_t,
    stat_welch_degrees_of_freedom(control_users, control_revenue_variance, users, revenue_variance) AS revenue_df
FROM experiment_z_scores
ARRAY JOIN
    variants AS variant,
    z_scores AS z_score
)
COMMENT 'variants_beside_control v01 a6be35998937';

-- Tests of each variant, whether they may be shown or not.
-- Functions expand where they stand: in a view without much around them the query is planned fastest,
-- and without the checks of stat_student_p, stat_chi_square_p and stat_holm in half the time.
CREATE VIEW variant_statistics AS
(
SELECT
    *,
    if(z_score IS NULL, NULL, stat_normal_p(z_score))                   AS p_value,
    arraySort(arrayMap(z -> stat_normal_p(z), family))                  AS family_p_values,
    stat_sequential_p(rate_z, users + control_users, stat_sequential_rho(0.05, 5000)) AS sequential_p_value,
    -- the exact sum has as many terms as there are conversions
    if(
        conversions_of_both <= 50000,
        stat_beta_exceeds(
            control_converting_users + 1,
            control_users - control_converting_users + 1,
            converting_users + 1,
            users - converting_users + 1
        ),
        stat_normal_cdf(rate_z)
    )                                                                   AS chance_to_win,
    stat_student_nodes(revenue_df)                                      AS nodes,
    stat_student_tail(revenue_t, revenue_df, nodes, stat_student_weights(nodes, revenue_df)) AS revenue_p_value,
    if(
        sample_ratio_chi_square > 0,
        stat_chi_square_tail(sample_ratio_chi_square, sample_ratio_df),
        1
    )                                                                   AS sample_ratio_p
FROM variants_beside_control
)
COMMENT 'variant_statistics v01 9c8e8fef637a';

-- D1 to D15: one row per variant. NULL where the definition says that there is nothing to compute.
CREATE VIEW experiment_performance AS
(
WITH
    rate - control_rate                                                            AS difference,
    sqrt(pow(rate - rate_low, 2) + pow(control_rate_high - control_rate, 2))       AS below,
    sqrt(pow(rate_high - rate, 2) + pow(control_rate - control_rate_low, 2))       AS above,
    if(sample_ratio_df >= 1 AND planned_users > 0, sample_ratio_p, NULL)           AS ratio_p
SELECT
    experiment_id,
    variant_id,
    variant_name,
    is_control,
    known_variant,
    users,
    exposed_users,
    converting_users,
    conversions,
    multi_variant_users,
    events_before_assignment,

    if(users > 0, rate, NULL)      AS conversion_rate,
    if(users > 0, rate_low, NULL)  AS conversion_rate_low,
    if(users > 0, rate_high, NULL) AS conversion_rate_high,

    revenue,
    if(users > 0, revenue_mean, NULL)                                     AS revenue_per_user,
    if(conversions > 0, toFloat64(revenue) / conversions, NULL)           AS revenue_per_conversion,
    if(converting_users > 0, toFloat64(revenue) / converting_users, NULL) AS revenue_per_converting_user,

    if(n_controls = 1, statistics.control_variant_id, NULL)               AS control_variant_id,
    if(n_controls = 1, statistics.control_users, NULL)                    AS control_users,
    if(n_controls = 1 AND statistics.control_users > 0, control_rate, NULL) AS control_conversion_rate,

    if(is_comparable, difference, NULL)                                   AS absolute_difference,
    if(is_comparable, difference - below, NULL)                           AS difference_low,
    if(is_comparable, difference + above, NULL)                           AS difference_high,
    if(is_comparable AND control_rate > 0, difference / control_rate, NULL) AS relative_uplift,
    z_score,
    p_value,
    -- Holm (1979): the p-values up to this one, each times the number of those that are not below it
    if(
        z_score IS NULL,
        NULL,
        least(
            1.,
            arrayMax(
                (p, left) -> if(p <= p_value, p * left, 0),
                family_p_values,
                arrayReverse(arrayEnumerate(family_p_values))
            )
        )
    )                                                                     AS p_value_holm,
    if(is_comparable AND rate_variance + control_rate_variance > 0, statistics.sequential_p_value, NULL) AS sequential_p_value,
    if(is_comparable, statistics.chance_to_win, NULL)                     AS chance_to_win,

    if(is_comparable, revenue_mean - control_revenue_mean, NULL)          AS revenue_per_user_difference,
    if(
        is_comparable AND users > 1 AND statistics.control_users > 1 AND revenue_error > 0,
        statistics.revenue_p_value,
        NULL
    )                                                                     AS revenue_p_value,

    if(total_users > 0, users / total_users, NULL)                        AS traffic_share,
    if(total_allocation > 0, allocation / total_allocation, NULL)         AS expected_share,
    ratio_p                                                               AS srm_p_value,
    toUInt8(ifNull(ratio_p < 0.001, false))                               AS srm_alert,
    multiIf(
        users = 0,                        'no_users',
        is_control,                       'control',
        n_controls != 1,                  'no_single_control',
        statistics.control_users = 0,     'control_empty',
        p_value IS NULL,                  'not_testable',
        least_expected < 5,               'low_counts',
        p_value < 0.05 AND z_score > 0,   'significant_up',
        p_value < 0.05,                   'significant_down',
        'inconclusive'
    ) AS status
FROM variant_statistics AS statistics
)
COMMENT 'experiment_performance v01 089c9f72a8de';

-- One row per treatment, for the impatient; the verdict is the first rule that holds.
CREATE VIEW experiment_summary AS
(
SELECT
    treatments.experiment_id          AS experiment_id,
    experiments.name                  AS experiment_name,
    treatments.variant_id             AS variant_id,
    treatments.variant_name           AS variant_name,
    treatments.control_variant_id     AS control_variant_id,
    treatments.users                  AS users,
    treatments.control_users          AS control_users,
    treatments.conversion_rate        AS conversion_rate,
    treatments.control_conversion_rate AS control_conversion_rate,
    treatments.relative_uplift        AS relative_uplift,
    treatments.absolute_difference    AS absolute_difference,
    treatments.difference_low         AS difference_low,
    treatments.difference_high        AS difference_high,
    treatments.p_value                AS p_value,
    treatments.p_value_holm           AS p_value_holm,
    treatments.sequential_p_value     AS sequential_p_value,
    treatments.chance_to_win          AS chance_to_win,
    treatments.revenue_per_user_difference AS revenue_per_user_difference,
    treatments.revenue_p_value        AS revenue_p_value,
    treatments.srm_p_value            AS srm_p_value,
    treatments.srm_alert              AS srm_alert,
    multiIf(
        srm_alert = 1,                            'do not trust: sample ratio',
        treatments.status = 'no_single_control',  'no single control',
        treatments.status IN ('no_users', 'control_empty', 'not_testable', 'low_counts'), 'not enough data',
        p_value_holm >= 0.05,                     'no difference shown',
        absolute_difference > 0,                  'better',
        'worse'
    ) AS verdict
FROM experiment_performance AS treatments
-- a subquery: joined by itself, the dictionary would be read as soon as this view is created
LEFT JOIN (SELECT experiment_id, name FROM experiments_dict) AS experiments
    ON experiments.experiment_id = treatments.experiment_id
WHERE treatments.is_control = 0
SETTINGS join_use_nulls = 0
)
COMMENT 'experiment_summary v01 524f9d30199d';

-- The valid events of each user of exactly one variant, in order and cut into sessions.
-- D17: a gap of more than 30 minutes begins a session.
-- D18: a session is engaged if it is longer than 10 s or has a conversion or two page views.
CREATE VIEW user_timelines AS
(
WITH
    arraySplit(
        (event, gap) -> gap > 30 * 60 * 1000000,
        timeline,
        arrayDifference(arrayMap(event -> toUnixTimestamp64Micro(event.at), timeline))
    ) AS split,
    arrayMap(
        events -> (
            events[1].at,
            events[-1].at,
            length(events),
            arrayCount(event -> event.is_page_view, events),
            arrayCount(event -> event.is_conversion, events)
        ),
        split
    ) AS counted
SELECT
    experiment_id,
    user_id,
    variant_id,
    arrayMap(event -> event.at, arrayFilter(event -> event.is_exposure, timeline))   AS exposures,
    arrayMap(event -> event.at, arrayFilter(event -> event.is_conversion, timeline)) AS conversions,
    arrayMap(
        s -> (s.1, s.2, s.3, s.4, s.5, dateDiff('microsecond', s.1, s.2) / 1000000, dateDiff('microsecond', s.1, s.2) > 10000000 OR s.4 >= 2 OR s.5 > 0),
        counted
    )::Array(Tuple(
        started_at  DateTime64(6, 'UTC'),
        ended_at    DateTime64(6, 'UTC'),
        events      UInt64,
        page_views  UInt64,
        conversions UInt64,
        duration_s  Float64,
        engaged     UInt8
    )) AS sessions
FROM
(
    SELECT
        experiment_id,
        user_id,
        variant_id,
        arraySort(
            groupArray((timestamp, event_id, event_type = 'page_view', is_exposure, is_conversion))
        )::Array(Tuple(
            at            DateTime64(6, 'UTC'),
            event_id      String,
            is_page_view  Bool,
            is_exposure   Bool,
            is_conversion Bool
        )) AS timeline
    FROM assigned_events
    WHERE is_valid
      AND n_variants = 1
    GROUP BY
        experiment_id,
        user_id,
        variant_id
)
)
COMMENT 'user_timelines v01 d7169b5b7bda';

-- D17 and D18: one row per session of a user of exactly one variant.
CREATE VIEW user_sessions AS
(
SELECT
    users.experiment_id  AS experiment_id,
    users.user_id        AS user_id,
    session_no,
    users.variant_id     AS variant_id,
    session.started_at   AS session_start,
    session.ended_at     AS session_end,
    session.duration_s   AS duration_s,
    session.events       AS events,
    session.page_views   AS page_views,
    session.conversions  AS conversions,
    session.engaged      AS engaged
FROM user_timelines AS users
ARRAY JOIN
    sessions                 AS session,
    arrayEnumerate(sessions) AS session_no
)
COMMENT 'user_sessions v01 5532837937c4';

-- D16 to D18: one row per assigned user of exactly one variant.
CREATE VIEW user_journey_analysis AS
(
WITH
    arrayFirstOrNull(at -> true, events.exposures) AS first_exposure,
    arrayFirstOrNull(at -> ifNull(at >= first_exposure, false), events.conversions) AS first_conversion
SELECT
    users.experiment_id AS experiment_id,
    users.user_id       AS user_id,
    users.variant_id    AS variant_id,
    users.assigned_at   AS assigned_at,
    first_exposure      AS first_exposure_at,
    first_conversion    AS first_conversion_after_exposure_at,
    toUInt8(multiIf(first_conversion IS NOT NULL, 3, first_exposure IS NOT NULL, 2, 1)) AS funnel_step,
    toUInt8(notEmpty(events.conversions))                            AS converted_any,
    toUInt8(converted_any AND first_conversion IS NULL)              AS converted_without_exposure,
    dateDiff('microsecond', users.assigned_at, first_exposure) / 1000000  AS seconds_to_exposure,
    dateDiff('microsecond', first_exposure, first_conversion) / 1000000   AS seconds_exposure_to_conversion,
    length(events.sessions)                                          AS sessions,
    toUInt64(arrayCount(session -> session.engaged, events.sessions)) AS engaged_sessions,
    arraySum(session -> session.duration_s, events.sessions)         AS total_session_s,
    if(sessions > 0, total_session_s / sessions, NULL)               AS avg_session_s,
    if(sessions > 0, engaged_sessions / sessions, NULL)              AS engagement_rate
FROM user_assignments AS users
LEFT JOIN user_timelines AS events
    ON events.experiment_id = users.experiment_id
   AND events.user_id = users.user_id
WHERE users.n_variants = 1
SETTINGS join_use_nulls = 0
)
COMMENT 'user_journey_analysis v01 1937cb627619';

-- D16: the funnel of each variant.
CREATE VIEW journey_funnel AS
(
SELECT
    experiment_id,
    variant_id,
    count()                        AS assigned,
    countIf(funnel_step >= 2)      AS exposed,
    countIf(funnel_step = 3)       AS converted,
    exposed / assigned             AS exposure_rate,
    converted / assigned           AS conversion_rate_from_assignment,
    if(exposed > 0, converted / exposed, NULL) AS conversion_rate_from_exposure,
    sum(journeys.converted_without_exposure)   AS converted_without_exposure,
    quantileExact(0.5)(seconds_exposure_to_conversion) AS median_seconds_to_convert
FROM user_journey_analysis AS journeys
GROUP BY
    experiment_id,
    variant_id
)
COMMENT 'journey_funnel v01 a4431bf74885';

-- D19: one row per touch of each valid conversion. A touch is a valid exposure of that user, in any
-- experiment, in the 30 days up to the conversion. Credits of a conversion sum to 1.
CREATE VIEW conversion_attribution AS
(
WITH arraySum(weights) AS total_weight
SELECT
    conversion.event_id    AS conversion_id,
    position,
    user_id,
    touch.experiment_id    AS experiment_id,
    touch.variant_id       AS variant_id,
    conversion.at          AS converted_at,
    touch.at               AS touched_at,
    length(touches)        AS n_touches,
    toFloat64(position = 1)         AS first_touch,
    toFloat64(position = n_touches) AS last_touch,
    1 / n_touches                   AS linear,
    multiIf(
        n_touches = 1,                           1.,
        n_touches = 2,                           0.5,
        position = 1 OR position = n_touches,    0.4,
        0.2 / (n_touches - 2)
    )                               AS position_based,
    weight / total_weight           AS time_decay,
    conversion.value                AS value
FROM
(
    SELECT
        user_id,
        conversion,
        arrayFilter(
            e -> e.at > conversion.at - INTERVAL 30 DAY AND e.at <= conversion.at,
            exposures
        ) AS touches,
        -- half after 7 days
        arrayMap(
            e -> exp2(-dateDiff('microsecond', e.at, conversion.at) / (7 * 86400 * 1000000)),
            touches
        ) AS weights
    FROM
    (
        SELECT
            user_id,
            arraySort(e -> (e.1, e.2), groupArrayIf(
                (timestamp, event_id, experiment_id, variant_id), is_exposure
            ))::Array(Tuple(
                at            DateTime64(6, 'UTC'),
                event_id      String,
                experiment_id String,
                variant_id    String
            )) AS exposures,
            groupArrayIf((timestamp, event_id, value), is_conversion)::Array(Tuple(
                at       DateTime64(6, 'UTC'),
                event_id String,
                value    Nullable(Decimal(18, 4))
            )) AS conversions
        FROM assigned_events
        WHERE is_valid
          AND n_variants = 1
          AND (is_exposure OR is_conversion)
        GROUP BY user_id
    )
    ARRAY JOIN conversions AS conversion
)
ARRAY JOIN
    touches                 AS touch,
    weights                 AS weight,
    arrayEnumerate(touches) AS position
)
COMMENT 'conversion_attribution v01 5222e0724b41';

-- D20: per cohort and day N, who was active on exactly that day, and who had converted by then.
CREATE VIEW cohort_analysis AS
(
SELECT
    experiment_id,
    variant_id,
    cohort_day,
    day_n,
    cohort_size,
    active_users,
    cumulative_converters,
    active_users / cohort_size          AS retention,
    cumulative_converters / cohort_size AS cumulative_conversion_rate
FROM
(
    SELECT
        users.experiment_id          AS experiment_id,
        users.variant_id             AS variant_id,
        toDate32(users.assigned_at)  AS cohort_day,
        count()                      AS cohort_size,
        range(31)                    AS days,
        sumForEach(arrayMap(n -> toUInt64(has(active_days, n)), days)) AS active,
        sumForEach(arrayMap(n -> toUInt64(ifNull(converted_on <= n, false)), days)) AS converters
    FROM user_assignments AS users
    LEFT JOIN
    (
        SELECT
            experiment_id,
            user_id,
            groupUniqArray(dateDiff('day', assigned_at, timestamp))             AS active_days,
            minOrNullIf(dateDiff('day', assigned_at, timestamp), is_conversion) AS converted_on
        FROM assigned_events
        WHERE is_valid
        GROUP BY
            experiment_id,
            user_id
    ) AS events
        ON events.experiment_id = users.experiment_id
       AND events.user_id = users.user_id
    WHERE users.n_variants = 1
    GROUP BY
        experiment_id,
        variant_id,
        cohort_day
    SETTINGS join_use_nulls = 0
)
ARRAY JOIN
    days       AS day_n,
    active     AS active_users,
    converters AS cumulative_converters
)
COMMENT 'cohort_analysis v01 e9e7448098e9';

-- D21: valid events by ISO weekday and hour; all 168 cells of each page that has any.
CREATE VIEW behavior_heatmap AS
(
SELECT
    experiment_id,
    variant_id,
    page,
    toUInt8(intDiv(cell, 24) + 1) AS dow,
    toUInt8(cell % 24)            AS hour,
    -- a cell without events is not among the filled ones: index 0 reads as 0
    filled_events[indexOf(filled, cell)] AS events,
    filled_users[indexOf(filled, cell)]  AS users
FROM
(
    SELECT
        experiment_id,
        variant_id,
        page,
        groupArray(cell)   AS filled,
        groupArray(events) AS filled_events,
        groupArray(users)  AS filled_users
    FROM
    (
        SELECT
            experiment_id,
            variant_id,
            ifNull(visits.page, '(none)') AS page,
            toUInt8((toDayOfWeek(timestamp) - 1) * 24 + toHour(timestamp)) AS cell,
            count()             AS events,
            uniqExact(user_id)  AS users
        FROM assigned_events AS visits
        WHERE is_valid
          AND n_variants = 1
        GROUP BY
            experiment_id,
            variant_id,
            page,
            cell
    )
    GROUP BY
        experiment_id,
        variant_id,
        page
)
ARRAY JOIN range(168) AS cell
)
COMMENT 'behavior_heatmap v01 b34f6992f432';

-- D10 by day of the conversion; a row for each day on which a variant has valid events.
CREATE VIEW revenue_daily AS
(
SELECT
    experiment_id,
    variant_id,
    d.1 AS day,
    d.2 AS conversions,
    d.3 AS converting_users,
    d.4 AS revenue,
    cumulative_revenue
FROM
(
    SELECT
        experiment_id,
        variant_id,
        arraySort(groupArray((on, n_conversions, n_users, money))) AS days,
        arrayCumSum(d -> d.4, days)                                AS cumulative
    FROM
    (
        SELECT
            experiment_id,
            variant_id,
            toDate32(timestamp)               AS on,
            countIf(is_conversion)            AS n_conversions,
            uniqExactIf(user_id, is_conversion) AS n_users,
            sumIf(toDecimal128(ifNull(value, 0), 4), is_conversion) AS money
        FROM assigned_events
        WHERE is_valid
          AND n_variants = 1
        GROUP BY
            experiment_id,
            variant_id,
            on
    )
    GROUP BY
        experiment_id,
        variant_id
)
ARRAY JOIN
    days       AS d,
    cumulative AS cumulative_revenue
)
COMMENT 'revenue_daily v01 32825b16657a';

-- D14: users by their first assignment, in trailing windows, beside the planned allocation.
CREATE VIEW traffic_allocation AS
(
SELECT
    experiment_id,
    variant.1 AS variant_id,
    window,
    new_users,
    experiment_new_users,
    if(experiment_new_users > 0, new_users / experiment_new_users, NULL) AS observed_share,
    if(total_allocation > 0, variant.2 / total_allocation, NULL)         AS expected_share
FROM
(
    SELECT
        experiment_id,
        groupArray((variant_id, weight, new)) AS variants,
        sumForEach(new)                       AS totals,
        sum(weight)                           AS total_allocation
    FROM
    (
        SELECT
            experiment_id,
            variant_id,
            max(allocation) AS weight,
            [
                countIf(assigned_at > now64(6, 'UTC') - INTERVAL 1 HOUR),
                countIf(assigned_at > now64(6, 'UTC') - INTERVAL 1 DAY),
                countIf(assigned_at > now64(6, 'UTC') - INTERVAL 7 DAY),
                countIf(assigned_at IS NOT NULL)
            ]               AS new
        FROM
        (
            SELECT experiment_id, variant_id, toNullable(assigned_at) AS assigned_at, 0 AS allocation
            FROM user_assignments
            WHERE n_variants = 1
            UNION ALL
            SELECT experiment_id, variant_id, NULL, allocation
            FROM variants_dict
        )
        GROUP BY
            experiment_id,
            variant_id
    )
    GROUP BY experiment_id
)
ARRAY JOIN variants AS variant
ARRAY JOIN
    ['1h', '24h', '7d', 'all'] AS window,
    variant.3                  AS new_users,
    totals                     AS experiment_new_users
)
COMMENT 'traffic_allocation v01 7f342f39976b';

-- RawBLOB takes a message whole: LineAsString splits it at line breaks into rows of one offset,
-- of which a merge of the landing table keeps only one.
-- Flush interval and poll time-out are equal: a shorter poll ends in a fixed sleep of 500 ms.
CREATE TABLE raw_events_kafka
(
    message String
)
ENGINE = Kafka(experiments_analytics_kafka)
SETTINGS
    kafka_topic_list          = 'experiments_events',
    kafka_group_name          = 'clickhouse_experiments_analytics',
    kafka_format              = 'RawBLOB',
    kafka_num_consumers       = 1,
    kafka_handle_error_mode   = 'stream',
    kafka_flush_interval_ms   = 200,
    kafka_poll_timeout_ms     = 200,
    kafka_max_block_size      = 65536,
    kafka_poll_max_batch_size = 65536
COMMENT 'raw_events_kafka v01 bb6d9a926eab';

CREATE MATERIALIZED VIEW raw_events_mv TO raw_events AS
(
SELECT
    if(_error = '', message, _raw_message) AS message,
    _topic     AS topic,
    _partition AS partition,
    _offset    AS offset
FROM raw_events_kafka
)
COMMENT 'raw_events_mv v01 e56c5b553be4';

-- Holds nothing. While it is detached no new cycle of Kafka reading can start.
CREATE TABLE raw_events_valve
(
    message String
)
ENGINE = Null
COMMENT 'raw_events_valve v01 27a513a02f82';

CREATE MATERIALIZED VIEW raw_events_valve_mv TO raw_events_valve AS
(
SELECT message
FROM raw_events_kafka
)
COMMENT 'raw_events_valve_mv v01 f57fe83d3bba';
