-- Texts of playbooks that were in use: what a plan names by its hash can be read, and a broken file keeps its last good version.
CREATE TABLE playbook_files (
  sha256 text PRIMARY KEY CHECK (sha256 ~ '^[0-9a-f]{64}$'),
  file text NOT NULL,
  origin text NOT NULL CHECK (origin IN ('own', 'shipped')),
  content text NOT NULL,
  used_at timestamptz NOT NULL DEFAULT now()
);

CREATE INDEX playbook_files_by_name ON playbook_files (origin, file, used_at);

-- Each set that was in use, and what was wrong in the operator's directory then. The last one is in use now.
CREATE TABLE playbook_sets (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  hash text NOT NULL CHECK (hash ~ '^[0-9a-f]{64}$'),
  members jsonb NOT NULL,
  problems jsonb NOT NULL,
  at timestamptz NOT NULL DEFAULT now()
);

INSERT INTO application_rights (relation, privileges) VALUES
  ('playbook_files', 'SELECT, INSERT, UPDATE (used_at)'),
  ('playbook_sets', 'SELECT, INSERT');
