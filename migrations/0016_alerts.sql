-- Every alert that arrived, once, under exactly one incident: which one that is never changes.
CREATE TABLE alerts (
  id text PRIMARY KEY,
  position bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
  incident_id text NOT NULL REFERENCES incidents (id),
  source text NOT NULL CHECK (source IN ('pagerduty', 'alertmanager')),
  external_id text NOT NULL,
  fingerprint text NOT NULL,
  scope text NOT NULL,
  service text,
  site text,
  namespace text,
  labels jsonb NOT NULL,
  changes text[] NOT NULL,
  severity text,
  urgency text NOT NULL CHECK (urgency IN ('high', 'low')),
  title text NOT NULL,
  url text,
  joined_by text NOT NULL CHECK (joined_by IN ('opened', 'fingerprint', 'service', 'change', 'dependency', 'own')),
  status text NOT NULL CHECK (status IN ('firing', 'acknowledged', 'resolved')),
  status_at timestamptz NOT NULL,
  starts_at timestamptz NOT NULL,
  ends_at timestamptz,
  received_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (source, external_id),
  CONSTRAINT alerts_resolved_has_end CHECK ((status = 'resolved') = (ends_at IS NOT NULL))
);

CREATE INDEX alerts_of_incident ON alerts (incident_id, position);
CREATE INDEX alerts_fingerprints ON alerts (incident_id, fingerprint);

-- What correlation looks through.
CREATE INDEX incidents_open ON incidents (created_at) WHERE state <> 'closed';
CREATE INDEX incidents_closed ON incidents (closed_at) WHERE state = 'closed';

-- Events about alerts, handled once each; `line` is what the thread is told, null where there is nothing to tell.
CREATE TABLE alert_events (
  position bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  incident_id text NOT NULL REFERENCES incidents (id),
  source text NOT NULL,
  event_id text NOT NULL,
  kind text NOT NULL,
  at timestamptz NOT NULL,
  line text,
  UNIQUE (source, event_id)
);

CREATE INDEX alert_events_of_incident ON alert_events (incident_id, position);

-- What an incident's alerts come to: what they are about, in the order in which that was learnt, and when the latest began. And how far its thread
-- shows them: behind `wanted` it is to be shown again, lines after `told` are to be told.
CREATE TABLE alert_boards (
  incident_id text PRIMARY KEY REFERENCES incidents (id),
  scopes text[] NOT NULL,
  latest_at timestamptz,
  wanted bigint NOT NULL,
  shown bigint NOT NULL,
  told bigint NOT NULL
);

CREATE TRIGGER is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON alert_events FOR EACH STATEMENT EXECUTE FUNCTION is_append_only();
ALTER TABLE alert_events ENABLE ALWAYS TRIGGER is_append_only;
CREATE TRIGGER is_never_deleted BEFORE DELETE OR TRUNCATE ON alerts FOR EACH STATEMENT EXECUTE FUNCTION is_append_only();
ALTER TABLE alerts ENABLE ALWAYS TRIGGER is_never_deleted;

INSERT INTO application_rights (relation, privileges) VALUES
  ('alerts', 'SELECT, INSERT, UPDATE (status, status_at, ends_at)'),
  ('alert_events', 'SELECT, INSERT'),
  ('alert_boards', 'SELECT, INSERT, UPDATE (scopes, latest_at, wanted, shown, told)');
