ALTER TABLE incidents
  DROP CONSTRAINT incidents_source_check,
  ADD CONSTRAINT incidents_source_check CHECK (source IN ('slack', 'api', 'cli', 'pagerduty', 'alertmanager', 'linear'));

-- Agent sessions of Linear, each about one incident, to which its decisions stream back.
CREATE TABLE linear_sessions (
  session_id text PRIMARY KEY,
  incident_id text NOT NULL REFERENCES incidents (id),
  created_at timestamptz NOT NULL DEFAULT now()
);

CREATE INDEX linear_sessions_of_incident ON linear_sessions (incident_id);

INSERT INTO application_rights (relation, privileges) VALUES ('linear_sessions', 'SELECT, INSERT');
