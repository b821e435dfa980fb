-- topic: ${topic}
-- A row of its own type in the outbox: it is rejected and counted nowhere.
INSERT INTO experiments.outbox (aggregatetype, aggregateid, type, payload)
VALUES ('canary', :canary, 'Canary', '{}');

DELETE FROM experiments.outbox
WHERE aggregateid = :canary;
