-- Where a vote was cast: what was not said in the incident's own thread is said there before anything runs. Earlier votes stand on the card.
ALTER TABLE votes ADD COLUMN place text NOT NULL DEFAULT 'thread' CHECK (place IN ('thread', 'direct', 'home', 'elsewhere'));

-- Files that were uploaded to Slack, by what they stand for: shared once, by one process at a time.
CREATE TABLE slack_files (
  key text PRIMARY KEY,
  file text,
  permalink text,
  lease_until timestamptz,
  shared_at timestamptz,
  CONSTRAINT slack_files_shared_has_file CHECK (shared_at IS NULL OR file IS NOT NULL)
);

INSERT INTO application_rights (relation, privileges) VALUES
  ('slack_files', 'SELECT, INSERT, UPDATE (file, permalink, lease_until, shared_at)');

-- The copies of a card are found by the beginning of their keys, whatever the database's collation.
CREATE INDEX slack_posts_by_prefix ON slack_posts (key text_pattern_ops);
