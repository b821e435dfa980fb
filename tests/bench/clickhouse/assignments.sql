-- Change events of experiments.outbox: every user of every experiment is assigned once.
INSERT INTO stage.assignments
WITH
    intDiv(number, {users:UInt64}) AS experiment,
    (number % {users:UInt64} + experiment * intDiv({users:UInt64}, 5)) % ({users:UInt64} * 5) AS user
SELECT
    concat(
        '{"before":null,"after":{',
        '"id":"', toString(reinterpretAsUUID(sipHash128(number))), '",',
        '"seq":1,"aggregatetype":"assignment","aggregateid":"u","type":"AssignmentCreated",',
        '"payload":"{',
            '\\"id\\": \\"a', toString(number), '\\", ',
            '\\"context\\": {}, ',
            '\\"user_id\\": \\"u', toString(user), '\\", ',
            '\\"variant_id\\": \\"', if(cityHash64(experiment, user) % 2 = 0, 'A', 'B'), '\\", ',
            '\\"assigned_at\\": \\"2026-10-', leftPad(toString(number % 10 + 1), 2, '0'),
                'T03:04:05.123456+00:00\\", ',
            '\\"experiment_id\\": \\"e', toString(experiment), '\\"',
        '}","occurred_at":"2026-10-01T00:00:00Z"},',
        '"source":{"version":"3.6.3.Final","connector":"postgresql","name":"experiments",',
        '"ts_ms":1790000000000,"snapshot":"false","db":"experiments","schema":"experiments",',
        '"table":"outbox","txId":123456,"lsn":', toString(1000000 + number), ',"xmin":null},',
        '"transaction":null,"op":"c","ts_ms":1790000000000}'
    )                    AS message,
    'experiments_events' AS topic,
    7                    AS partition,
    number               AS offset
FROM numbers({users:UInt64} * 20)
