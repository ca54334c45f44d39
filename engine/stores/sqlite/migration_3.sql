-- From schema 2 to schema 3: journeys that wait for something, and their goals.
ALTER TABLE enrolments ADD COLUMN waited INTEGER;
ALTER TABLE enrolments ADD COLUMN looked INTEGER;
ALTER TABLE enrolments ADD COLUMN seen INTEGER;
ALTER TABLE enrolments ADD COLUMN fact INTEGER;
ALTER TABLE enrolments ADD COLUMN goal INTEGER;
CREATE INDEX enrolments_open ON enrolments (version, block, position) WHERE ended IS NULL;
