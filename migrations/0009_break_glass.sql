-- A person ran a request without its quorum. The rules of policy (bot/approvals/break-glass.ts) once more, where no program can forget them:
-- a fresh login, at most an hour, and a review by somebody else, once.
CREATE TABLE break_glass (
  plan_id text PRIMARY KEY,
  request_hash text NOT NULL,
  person text NOT NULL,
  reason text NOT NULL CHECK (length(trim(reason)) >= 10),
  login_at timestamptz NOT NULL,
  at timestamptz NOT NULL,
  until timestamptz NOT NULL,
  review_verdict text CHECK (review_verdict IN ('justified', 'not_justified')),
  review_note text,
  reviewed_by text,
  reviewed_at timestamptz,
  FOREIGN KEY (plan_id, request_hash) REFERENCES plans (id, request_hash),
  CONSTRAINT break_glass_login_is_fresh CHECK (login_at <= at AND at - login_at <= interval '5 minutes'),
  CONSTRAINT break_glass_is_short CHECK (until > at AND until - at <= interval '1 hour'),
  CONSTRAINT break_glass_review_is_whole CHECK (num_nonnulls(review_verdict, review_note, reviewed_by, reviewed_at) IN (0, 4)),
  CONSTRAINT break_glass_is_reviewed_by_another CHECK (reviewed_by IS DISTINCT FROM person)
);

CREATE INDEX break_glass_unreviewed ON break_glass (at) WHERE reviewed_at IS NULL;

CREATE FUNCTION break_glass_is_reviewed_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.reviewed_at IS NOT NULL
    OR (OLD.plan_id, OLD.request_hash, OLD.person, OLD.reason, OLD.login_at, OLD.at, OLD.until)
      IS DISTINCT FROM (NEW.plan_id, NEW.request_hash, NEW.person, NEW.reason, NEW.login_at, NEW.at, NEW.until) THEN
    RAISE EXCEPTION 'break-glass of plan % changes once, when it is reviewed', OLD.plan_id USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END
$$;

CREATE TRIGGER break_glass_is_reviewed_once BEFORE UPDATE ON break_glass FOR EACH ROW EXECUTE FUNCTION break_glass_is_reviewed_once();
ALTER TABLE break_glass ENABLE ALWAYS TRIGGER break_glass_is_reviewed_once;
CREATE TRIGGER is_never_deleted BEFORE DELETE OR TRUNCATE ON break_glass FOR EACH STATEMENT EXECUTE FUNCTION is_append_only();
ALTER TABLE break_glass ENABLE ALWAYS TRIGGER is_never_deleted;

INSERT INTO application_rights (relation, privileges) VALUES
  ('break_glass', 'SELECT, INSERT, UPDATE (review_verdict, review_note, reviewed_by, reviewed_at)');
