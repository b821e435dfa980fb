"""The definitions of a view with its source and its target, in several versions."""

OBJECTS = {
    "objects__visits_v01_sql": "CREATE TABLE visits (page String, bot Bool) "
    "ENGINE = MergeTree ORDER BY page",
    "objects__pages_v01_sql": "CREATE TABLE pages (page String, visits UInt64) "
    "ENGINE = SummingMergeTree ORDER BY page",
    "objects__pages_v02_sql": "CREATE TABLE pages (page String, visits UInt64, bots UInt64) "
    "ENGINE = SummingMergeTree ORDER BY page",
    "objects__pages_mv_v01_sql": "CREATE MATERIALIZED VIEW pages_mv TO pages AS "
    "SELECT page, count() AS visits FROM visits GROUP BY page",
    "objects__pages_mv_v02_sql": "CREATE MATERIALIZED VIEW pages_mv TO pages AS "
    "SELECT page, count() AS visits, countIf(bot) AS bots FROM visits GROUP BY page",
    "objects__pages_mv_v03_sql": "CREATE MATERIALIZED VIEW pages_mv TO pages AS "
    "SELECT page, countIf(NOT bot) AS visits FROM visits GROUP BY page",
}
