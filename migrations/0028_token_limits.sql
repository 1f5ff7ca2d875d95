-- What a service token is limited to: names of sites; names of operations, or `system.*`. Null: not limited.
ALTER TABLE service_tokens
  ADD COLUMN sites text[] CHECK (cardinality(sites) > 0),
  ADD COLUMN operations text[] CHECK (cardinality(operations) > 0);

-- A read that somebody asks for outside of any incident is evidence too: its observation says `none`.
ALTER TABLE observations ALTER COLUMN incident_id DROP NOT NULL;
