-- Every decision is a row now, also those that come before there is an incident: may this person open one?
-- What is looked for is taken from the record itself, so it cannot differ from it.
ALTER TABLE policy_decisions
  ALTER COLUMN incident_id DROP NOT NULL,
  ADD COLUMN question text GENERATED ALWAYS AS (input ->> 'question') STORED,
  ADD COLUMN verdict text GENERATED ALWAYS AS (result ->> 'verdict') STORED,
  ADD CONSTRAINT policy_decisions_plan_has_incident CHECK (plan_id IS NULL OR incident_id IS NOT NULL);

CREATE INDEX policy_decisions_of_plan ON policy_decisions (plan_id, id) WHERE plan_id IS NOT NULL;
CREATE INDEX policy_decisions_of_question ON policy_decisions (question, id);
CREATE INDEX policy_decisions_denied ON policy_decisions (id) WHERE verdict = 'deny';
