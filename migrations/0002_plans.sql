CREATE TABLE plans (
  id text PRIMARY KEY,
  incident_id text NOT NULL REFERENCES incidents (id),
  request_hash text NOT NULL CHECK (request_hash ~ '^[0-9a-f]{64}$'),
  body jsonb NOT NULL,
  created_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  state text NOT NULL DEFAULT 'pending',
  state_reason text NOT NULL DEFAULT '',
  state_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (id, request_hash),
  CONSTRAINT plans_body_agrees CHECK (body ->> 'id' = id AND body ->> 'incidentId' = incident_id)
);

CREATE INDEX plans_of_incident ON plans (incident_id, created_at);
CREATE INDEX plans_pending ON plans (expires_at) WHERE state = 'pending';

-- Which state may follow which. What is not listed is refused: a rejected plan stays rejected.
CREATE TABLE plan_transitions (
  from_state text NOT NULL,
  to_state text NOT NULL,
  PRIMARY KEY (from_state, to_state)
);

INSERT INTO plan_transitions (from_state, to_state) VALUES
  ('pending', 'approved'), ('pending', 'rejected'), ('pending', 'changes_requested'), ('pending', 'expired'),
  ('pending', 'superseded'), ('pending', 'cancelled'), ('pending', 'failed'),
  ('approved', 'executing'), ('approved', 'expired'), ('approved', 'superseded'), ('approved', 'cancelled'), ('approved', 'failed'),
  ('executing', 'done'), ('executing', 'rolled_back'), ('executing', 'failed'), ('executing', 'cancelled');

CREATE FUNCTION plan_is_immutable() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.state <> 'pending' THEN
      RAISE EXCEPTION 'plan % starts as pending', NEW.id USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
  END IF;
  IF (OLD.id, OLD.incident_id, OLD.request_hash, OLD.body, OLD.created_at, OLD.expires_at)
    IS DISTINCT FROM (NEW.id, NEW.incident_id, NEW.request_hash, NEW.body, NEW.created_at, NEW.expires_at) THEN
    RAISE EXCEPTION 'plan % is immutable', OLD.id USING ERRCODE = 'restrict_violation';
  END IF;
  IF OLD.state <> NEW.state AND NOT EXISTS (SELECT FROM plan_transitions t WHERE t.from_state = OLD.state AND t.to_state = NEW.state) THEN
    RAISE EXCEPTION 'plan % is %: it cannot become %', OLD.id, OLD.state, NEW.state USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END
$$;

CREATE TRIGGER plan_is_immutable BEFORE INSERT OR UPDATE ON plans FOR EACH ROW EXECUTE FUNCTION plan_is_immutable();
ALTER TABLE plans ENABLE ALWAYS TRIGGER plan_is_immutable;

-- Observation columns reference the plan's own incident, so evidence cannot be borrowed from another one.
CREATE TABLE plan_steps (
  plan_id text NOT NULL REFERENCES plans (id),
  step_id text NOT NULL,
  position integer NOT NULL,
  incident_id text NOT NULL,
  state text NOT NULL DEFAULT 'pending'
    CHECK (state IN ('pending', 'running', 'done', 'failed', 'rolled_back', 'rollback_failed', 'not_reversible', 'skipped')),
  before text,
  output text,
  verification text,
  rollback_output text,
  rollback_verification text,
  reason text,
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (plan_id, step_id),
  UNIQUE (plan_id, position),
  FOREIGN KEY (incident_id, before) REFERENCES observations (incident_id, id),
  FOREIGN KEY (incident_id, output) REFERENCES observations (incident_id, id),
  FOREIGN KEY (incident_id, verification) REFERENCES observations (incident_id, id),
  FOREIGN KEY (incident_id, rollback_output) REFERENCES observations (incident_id, id),
  FOREIGN KEY (incident_id, rollback_verification) REFERENCES observations (incident_id, id),
  CONSTRAINT plan_steps_done_has_evidence CHECK (
    state <> 'done'
    OR (before IS NOT NULL AND output IS NOT NULL AND verification IS NOT NULL AND before <> output AND output <> verification AND before <> verification)
  ),
  CONSTRAINT plan_steps_rolled_back_has_evidence CHECK (
    state <> 'rolled_back' OR (rollback_output IS NOT NULL AND rollback_verification IS NOT NULL AND rollback_output <> rollback_verification)
  )
);

-- One answer per person and request; a vote for another hash than the plan's cannot be stored.
CREATE TABLE votes (
  id text PRIMARY KEY,
  plan_id text NOT NULL,
  request_hash text NOT NULL,
  person text NOT NULL,
  channel text NOT NULL CHECK (channel IN ('slack', 'linear', 'api', 'cli', 'web')),
  verdict text NOT NULL CHECK (verdict IN ('approve', 'reject', 'request_changes')),
  reason text,
  created_at timestamptz NOT NULL,
  CONSTRAINT votes_one_per_person UNIQUE (plan_id, request_hash, person),
  FOREIGN KEY (plan_id, request_hash) REFERENCES plans (id, request_hash)
);

CREATE TABLE policy_decisions (
  id text PRIMARY KEY,
  incident_id text NOT NULL REFERENCES incidents (id),
  plan_id text REFERENCES plans (id),
  step_id text,
  bundle text NOT NULL,
  input jsonb NOT NULL,
  result jsonb NOT NULL,
  at timestamptz NOT NULL
);

CREATE INDEX policy_decisions_of_incident ON policy_decisions (incident_id, at);

CREATE TABLE grants (
  jti text PRIMARY KEY,
  plan_id text NOT NULL,
  step_id text NOT NULL,
  claims jsonb NOT NULL,
  expires_at timestamptz NOT NULL,
  issued_at timestamptz NOT NULL DEFAULT now(),
  claimed_at timestamptz,
  claimed_by text,
  FOREIGN KEY (plan_id, step_id) REFERENCES plan_steps (plan_id, step_id),
  CONSTRAINT grants_claim_is_whole CHECK ((claimed_at IS NULL) = (claimed_by IS NULL))
);

CREATE INDEX grants_issued ON grants (issued_at);

CREATE FUNCTION grant_is_claimed_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.claimed_at IS NOT NULL
    OR (OLD.jti, OLD.plan_id, OLD.step_id, OLD.claims, OLD.expires_at, OLD.issued_at)
      IS DISTINCT FROM (NEW.jti, NEW.plan_id, NEW.step_id, NEW.claims, NEW.expires_at, NEW.issued_at) THEN
    RAISE EXCEPTION 'grant % changes once, when it is claimed', OLD.jti USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END
$$;

CREATE TRIGGER grant_is_claimed_once BEFORE UPDATE ON grants FOR EACH ROW EXECUTE FUNCTION grant_is_claimed_once();
ALTER TABLE grants ENABLE ALWAYS TRIGGER grant_is_claimed_once;
