-- Forward only: there is no way down, a mistake is corrected by the next file.

CREATE TABLE incidents (
  id text PRIMARY KEY,
  key text NOT NULL UNIQUE,
  title text NOT NULL,
  body text NOT NULL,
  source text NOT NULL CHECK (source IN ('slack', 'api', 'cli', 'pagerduty', 'alertmanager')),
  service text,
  site text,
  state text NOT NULL DEFAULT 'queued' CHECK (state IN ('queued', 'investigating', 'awaiting_approval', 'executing', 'closed')),
  outcome text CHECK (outcome IN ('resolved', 'rolled_back', 'rejected', 'healthy', 'expired', 'cancelled', 'failed', 'unknown')),
  summary text,
  requester text,
  slack_team text,
  slack_channel text,
  slack_thread_ts text,
  created_at timestamptz NOT NULL,
  closed_at timestamptz,
  cancel_requested_at timestamptz,
  cancel_requested_by text,
  CONSTRAINT incidents_closed_has_outcome CHECK ((state = 'closed') = (outcome IS NOT NULL) AND (state = 'closed') = (closed_at IS NOT NULL)),
  CONSTRAINT incidents_thread_is_whole CHECK (num_nonnulls(slack_team, slack_channel, slack_thread_ts) IN (0, 3))
);

CREATE UNIQUE INDEX incidents_thread ON incidents (slack_team, slack_channel, slack_thread_ts) WHERE slack_thread_ts IS NOT NULL;
CREATE INDEX incidents_newest ON incidents (created_at DESC, id DESC);

-- What arrived from outside, kept before it is acknowledged.
CREATE TABLE inbox (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  source text NOT NULL,
  dedupe_key text NOT NULL,
  body jsonb NOT NULL,
  traceparent text,
  received_at timestamptz NOT NULL DEFAULT now(),
  next_at timestamptz NOT NULL DEFAULT now(),
  lease_until timestamptz,
  handled_at timestamptz,
  attempts integer NOT NULL DEFAULT 0,
  last_error text,
  UNIQUE (source, dedupe_key)
);

CREATE INDEX inbox_open ON inbox (id) WHERE handled_at IS NULL;

-- The id is the content's own hash, and the database checks it.
CREATE TABLE observations (
  id text PRIMARY KEY,
  incident_id text NOT NULL REFERENCES incidents (id),
  operation text NOT NULL,
  site text NOT NULL,
  status text NOT NULL CHECK (status IN ('ok', 'error')),
  body bytea NOT NULL,
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  UNIQUE (incident_id, id),
  CONSTRAINT observations_content_address CHECK (id = encode(sha256(body), 'hex'))
);

CREATE TABLE findings (
  incident_id text NOT NULL REFERENCES incidents (id),
  id text NOT NULL,
  position bigint GENERATED ALWAYS AS IDENTITY,
  body jsonb NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (incident_id, id)
);

CREATE TABLE finding_edges (
  incident_id text NOT NULL,
  finding_id text NOT NULL,
  position integer NOT NULL,
  observation_id text NOT NULL,
  relation text NOT NULL CHECK (relation IN ('supports', 'contradicts')),
  excerpt text NOT NULL,
  PRIMARY KEY (incident_id, finding_id, position),
  FOREIGN KEY (incident_id, finding_id) REFERENCES findings (incident_id, id),
  FOREIGN KEY (incident_id, observation_id) REFERENCES observations (incident_id, id)
);

CREATE FUNCTION finding_needs_support() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (
    SELECT FROM finding_edges e WHERE e.incident_id = NEW.incident_id AND e.finding_id = NEW.id AND e.relation = 'supports'
  ) THEN
    RAISE EXCEPTION 'finding % has no supporting observation', NEW.id USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END
$$;

-- Deferred, because the edges can only be inserted after the finding.
CREATE CONSTRAINT TRIGGER finding_needs_support AFTER INSERT OR UPDATE ON findings
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION finding_needs_support();
ALTER TABLE findings ENABLE ALWAYS TRIGGER finding_needs_support;
