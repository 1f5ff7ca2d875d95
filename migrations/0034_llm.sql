-- One row for each call of a language model: written before it is made, with the most that it can cost, settled afterwards. What is not
-- settled (the process died) counts as if it had cost that.
CREATE TABLE llm_calls (
  id text PRIMARY KEY,
  incident_id text NOT NULL REFERENCES incidents (id),
  person text,
  task text NOT NULL CHECK (task IN ('triage', 'investigate', 'plan', 'explain', 'summarise')),
  provider text NOT NULL,
  model text NOT NULL,
  prompt_id text NOT NULL CHECK (prompt_id ~ '^[0-9a-f]{64}$'),
  at timestamptz NOT NULL,
  outcome text CHECK (outcome IN ('answer', 'calls', 'refusal', 'length', 'malformed', 'failed', 'cancelled')),
  input_tokens integer NOT NULL CHECK (input_tokens >= 0),
  cached_tokens integer NOT NULL DEFAULT 0 CHECK (cached_tokens >= 0),
  output_tokens integer NOT NULL CHECK (output_tokens >= 0),
  micro_usd bigint NOT NULL CHECK (micro_usd >= 0),
  milliseconds integer
);

CREATE INDEX llm_calls_of_incident ON llm_calls (incident_id, at);
CREATE INDEX llm_calls_by_time ON llm_calls (at);

-- Exactly what was sent, encrypted with a key that is not in the database; the id is the SHA-256 of the text.
CREATE TABLE llm_prompts (
  id text PRIMARY KEY CHECK (id ~ '^[0-9a-f]{64}$'),
  incident_id text NOT NULL REFERENCES incidents (id),
  sealed bytea NOT NULL,
  at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL
);

CREATE INDEX llm_prompts_by_expiry ON llm_prompts (expires_at);

INSERT INTO application_rights (relation, privileges) VALUES
  ('llm_calls', 'SELECT, INSERT, UPDATE (outcome, input_tokens, cached_tokens, output_tokens, micro_usd, milliseconds)'),
  ('llm_prompts', 'SELECT, INSERT, DELETE');
