-- topic: ${topic}
-- A row of a type that nothing counts.
INSERT INTO experiments.outbox (aggregatetype, aggregateid, type, payload)
VALUES ('canary', :canary, 'Canary', '{}');

DELETE FROM experiments.outbox
WHERE aggregateid = :canary;
