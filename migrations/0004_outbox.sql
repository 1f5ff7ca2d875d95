-- One row per decision and sink. Within an incident a sink gets its rows in the order of their ids.
CREATE TABLE outbox (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  decision_id text NOT NULL,
  sink text NOT NULL CHECK (sink IN ('linear', 'pagerduty')),
  incident_id text NOT NULL REFERENCES incidents (id),
  kind text NOT NULL,
  body jsonb NOT NULL,
  traceparent text,
  state text NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'sent', 'refused')),
  attempts integer NOT NULL DEFAULT 0,
  created_at timestamptz NOT NULL DEFAULT now(),
  next_at timestamptz NOT NULL DEFAULT now(),
  lease_until timestamptz,
  sent_at timestamptz,
  peer_id text,
  last_error text,
  UNIQUE (decision_id, sink)
);

CREATE INDEX outbox_pending ON outbox (sink, incident_id, id) WHERE state = 'pending';

CREATE TABLE mirror_links (
  incident_id text NOT NULL REFERENCES incidents (id),
  sink text NOT NULL CHECK (sink IN ('linear', 'pagerduty')),
  external_id text NOT NULL,
  url text,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (incident_id, sink, external_id)
);

CREATE INDEX mirror_links_external ON mirror_links (sink, external_id);

CREATE TABLE service_tokens (
  id text PRIMARY KEY,
  name text NOT NULL,
  hash bytea NOT NULL UNIQUE CHECK (octet_length(hash) = 32),
  scopes text[] NOT NULL,
  created_at timestamptz NOT NULL,
  expires_at timestamptz,
  last_used_at timestamptz,
  revoked_at timestamptz
);

-- Which message stands for what, so that a repeated call updates it.
CREATE TABLE slack_posts (
  key text PRIMARY KEY,
  channel text NOT NULL,
  ts text NOT NULL,
  hash text NOT NULL,
  updated_at timestamptz NOT NULL DEFAULT now()
);

CREATE FUNCTION notify_insert() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('watchkeeper', TG_TABLE_NAME);
  RETURN NULL;
END
$$;

CREATE TRIGGER notify_insert AFTER INSERT ON inbox FOR EACH STATEMENT EXECUTE FUNCTION notify_insert();
CREATE TRIGGER notify_insert AFTER INSERT ON outbox FOR EACH STATEMENT EXECUTE FUNCTION notify_insert();
