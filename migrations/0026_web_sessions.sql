-- Who is signed in at the pages. `id`: SHA-256 of what the browser's cookie holds. `draft`: what a person had typed when the session had
-- ended, sealed, until they have signed in again.
CREATE TABLE web_sessions (
  id bytea PRIMARY KEY CHECK (octet_length(id) = 32),
  subject text NOT NULL CHECK (subject <> ''),
  person text NOT NULL CHECK (person <> ''),
  -- When they gave their credentials; null where the issuer did not say.
  signed_in_at timestamptz,
  agent text NOT NULL,
  created_at timestamptz NOT NULL,
  seen_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  draft text
);

CREATE INDEX web_sessions_subject ON web_sessions (subject);
CREATE INDEX web_sessions_expires_at ON web_sessions (expires_at);

INSERT INTO application_rights (relation, privileges) VALUES
  ('web_sessions', 'SELECT, INSERT, UPDATE (seen_at, draft), DELETE');
