-- Alerts that join an open incident are looked into later, several together: which of them were, and when an incident was looked into last.
ALTER TABLE alerts ADD COLUMN looked boolean NOT NULL DEFAULT false;
UPDATE alerts SET looked = true;

CREATE TABLE incident_looks (
  incident_id text PRIMARY KEY REFERENCES incidents (id),
  number integer NOT NULL CHECK (number > 0),
  at timestamptz NOT NULL,
  alerts integer NOT NULL,
  services text[] NOT NULL
);

-- Incidents that turned out to have one cause. An alert is under exactly one incident at any time: of a merged incident all are under the other one.
CREATE TABLE incident_relations (
  incident_id text NOT NULL REFERENCES incidents (id),
  other_id text NOT NULL REFERENCES incidents (id),
  kind text NOT NULL CHECK (kind IN ('merged_into', 'same_cause')),
  at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (incident_id, other_id),
  CHECK (incident_id <> other_id)
);

CREATE INDEX incident_relations_other ON incident_relations (other_id);

UPDATE application_rights
  SET privileges = 'SELECT, INSERT, UPDATE (incident_id, joined_by, looked, status, status_at, ends_at)' WHERE relation = 'alerts';
INSERT INTO application_rights (relation, privileges) VALUES
  ('incident_looks', 'SELECT, INSERT, UPDATE (number, at, alerts, services)'),
  ('incident_relations', 'SELECT, INSERT');
