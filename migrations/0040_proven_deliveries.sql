-- What a receiver was sent last, as it was signed: a row counts as long as the log holds that very checkpoint. `doubted`: the size of the last
-- row that did not.
ALTER TABLE audit_deliveries ADD COLUMN note text, ADD COLUMN doubted bigint, ADD COLUMN doubted_at timestamptz;

UPDATE application_rights SET privileges = 'SELECT, INSERT, UPDATE (size, note, at, doubted, doubted_at)' WHERE relation = 'audit_deliveries';
