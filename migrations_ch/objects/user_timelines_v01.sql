-- The valid events of each user of exactly one variant, in order and cut into sessions.
-- D17: a gap of more than 30 minutes begins a session.
-- D18: a session is engaged if it is longer than 10 s or has a conversion or two page views.
CREATE VIEW user_timelines AS
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
