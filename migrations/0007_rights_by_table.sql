-- What the program's role may do, one row a table: a later migration adds its own rows, and changes those of columns that it adds.
CREATE TABLE application_rights (
  relation text PRIMARY KEY,
  privileges text NOT NULL
);

INSERT INTO application_rights (relation, privileges) VALUES
  ('incidents', 'SELECT, INSERT, UPDATE (state, outcome, summary, slack_team, slack_channel, slack_thread_ts, closed_at, cancel_requested_at, cancel_requested_by)'),
  ('inbox', 'SELECT, INSERT, UPDATE (next_at, lease_until, handled_at, attempts, last_error)'),
  ('observations', 'SELECT, INSERT'),
  ('findings', 'SELECT, INSERT'),
  ('finding_edges', 'SELECT, INSERT'),
  ('plans', 'SELECT, INSERT, UPDATE (state, state_reason, state_at)'),
  ('plan_transitions', 'SELECT'),
  ('plan_steps', 'SELECT, INSERT, UPDATE (state, before, output, verification, rollback_output, rollback_verification, reason, updated_at)'),
  ('votes', 'SELECT, INSERT'),
  ('policy_decisions', 'SELECT, INSERT'),
  ('grants', 'SELECT, INSERT, UPDATE (claimed_at, claimed_by)'),
  ('audit_entries', 'SELECT, INSERT'),
  ('outbox', 'SELECT, INSERT, UPDATE (state, attempts, next_at, lease_until, sent_at, peer_id, last_error)'),
  ('mirror_links', 'SELECT, INSERT, UPDATE (url)'),
  ('service_tokens', 'SELECT, INSERT, UPDATE (last_used_at, revoked_at)'),
  ('slack_posts', 'SELECT, INSERT, UPDATE'),
  ('linear_labels', 'SELECT, INSERT, UPDATE (lease_until, settled_at, result)'),
  ('schema_migrations', 'SELECT');

CREATE OR REPLACE FUNCTION grant_application_rights(role name) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  entry record;
BEGIN
  EXECUTE format('REVOKE ALL ON ALL TABLES IN SCHEMA public FROM %I', role);
  EXECUTE format('GRANT USAGE ON SCHEMA public TO %I', role);
  FOR entry IN SELECT relation, privileges FROM application_rights LOOP
    EXECUTE format('GRANT %s ON %I TO %I', entry.privileges, entry.relation, role);
  END LOOP;
END
$$;
