-- What a write with an Idempotency-Key was answered: the same is answered again. `status` null: it has not been answered yet.
-- `body` null: nothing of it is kept, since it has a secret in it or is too large.
CREATE TABLE idempotency_keys (
  caller text NOT NULL,
  key text NOT NULL,
  request bytea NOT NULL CHECK (octet_length(request) = 32),
  started_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  status integer CHECK (status BETWEEN 200 AND 499),
  headers jsonb,
  body text,
  PRIMARY KEY (caller, key)
);

CREATE INDEX idempotency_keys_expired ON idempotency_keys (expires_at);

INSERT INTO application_rights (relation, privileges) VALUES ('idempotency_keys', 'SELECT, INSERT, UPDATE, DELETE');
