-- Incidents that ended with a change: cause, fix and outcome, to be shown beside similar ones. Never evidence of a cause.
CREATE TABLE incident_memories (
  incident_id text PRIMARY KEY REFERENCES incidents (id),
  title text NOT NULL,
  service text,
  site text,
  -- Machine words of what was found, and the names of what was at fault.
  causes text[] NOT NULL,
  entities text[] NOT NULL,
  cause text NOT NULL,
  fix text NOT NULL,
  operations text[] NOT NULL,
  outcome text NOT NULL CHECK (outcome IN ('resolved', 'rolled_back', 'failed')),
  at timestamptz NOT NULL,
  -- Somebody found it wrong: it is shown no more.
  retracted_at timestamptz,
  retracted_by text,
  retracted_because text,
  words tsvector GENERATED ALWAYS AS (to_tsvector('simple', title || ' ' || cause)) STORED,
  CHECK ((retracted_at IS NULL) = (retracted_by IS NULL))
);

CREATE INDEX incident_memories_words ON incident_memories USING gin (words);
CREATE INDEX incident_memories_causes ON incident_memories USING gin (causes);
CREATE INDEX incident_memories_by_time ON incident_memories (at);

INSERT INTO application_rights (relation, privileges) VALUES
  ('incident_memories', 'SELECT, INSERT, DELETE, UPDATE (title, causes, entities, cause, fix, operations, outcome, at, retracted_at, retracted_by, retracted_because)');
