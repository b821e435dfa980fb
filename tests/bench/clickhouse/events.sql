-- Change events of experiments.events: 20 experiments, whose users overlap with their neighbours'.
INSERT INTO stage.events
WITH
    number % 20 AS experiment,
    (cityHash64(number) % {users:UInt64} + experiment * intDiv({users:UInt64}, 5)) % ({users:UInt64} * 5) AS user,
    cityHash64(number, 'what') AS what,
    cityHash64(number, 'when') AS when,
    toDateTime64('2026-10-01 00:00:00', 6, 'UTC') + when % 2592000 + what % 1000000 / 1000000 AS at
SELECT
    concat(
        '{"before":null,"after":{',
        '"id":"', toString(reinterpretAsUUID(sipHash128(number))), '",',
        '"experiment_id":"e', toString(experiment), '",',
        '"user_id":"u', toString(user), '",',
        '"variant_id":"', if(cityHash64(experiment, user) % 2 = 0, 'A', 'B'), '",',
        '"event_type":"', [
            'page_view', 'page_view', 'page_view', 'click', 'click',
            'exposure', 'exposure', 'exposure', 'add_to_cart', 'conversion'
        ][what % 10 + 1], '",',
        '"timestamp":"', replaceOne(toString(at), ' ', 'T'), 'Z",',
        '"assignment_at":null,',
        '"session_id":"s', toString(user), '-', toString(toDayOfMonth(at)), '",',
        '"properties":"{',
            '\\"page\\": \\"/p/', toString(intDiv(what, 10) % 15), '\\", ',
            '\\"device\\": \\"', ['mobile', 'desktop'][what % 2 + 1], '\\", ',
            '\\"value\\": ', toString(when % 10000 / 100),
        '}"},',
        '"source":{"version":"3.6.3.Final","connector":"postgresql","name":"experiments",',
        '"ts_ms":1790000000000,"snapshot":"false","db":"experiments",',
        '"sequence":"[\\"26721712\\",\\"26721712\\"]","ts_us":1790000000000000,',
        '"ts_ns":1790000000000000000,"schema":"experiments","table":"events","txId":123456,',
        '"lsn":', toString(1000000 + number), ',"xmin":null},',
        '"transaction":null,"op":"c","ts_ms":1790000000000,"ts_us":1790000000000000,',
        '"ts_ns":1790000000000000000}'
    )                    AS message,
    'experiments_events' AS topic,
    number % 4           AS partition,
    number               AS offset
FROM numbers({events:UInt64})
