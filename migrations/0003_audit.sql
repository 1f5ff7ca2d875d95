-- body is the RFC 8785 form of the entry, leaf the RFC 6962 leaf hash over it. The columns repeat the body for queries; they may not differ from it.
CREATE TABLE audit_entries (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
  at timestamptz NOT NULL,
  incident_id text,
  plan_id text,
  kind text NOT NULL,
  actor text NOT NULL,
  body bytea NOT NULL,
  leaf bytea NOT NULL,
  CONSTRAINT audit_leaf_of_body CHECK (leaf = sha256('\x00'::bytea || body)),
  CONSTRAINT audit_columns_agree CHECK (
    convert_from(body, 'UTF8')::jsonb ->> 'kind' = kind
    AND convert_from(body, 'UTF8')::jsonb ->> 'incidentId' IS NOT DISTINCT FROM incident_id
    AND convert_from(body, 'UTF8')::jsonb ->> 'planId' IS NOT DISTINCT FROM plan_id
    AND (convert_from(body, 'UTF8')::jsonb -> 'actor' ->> 'kind') || ':' || (convert_from(body, 'UTF8')::jsonb -> 'actor' ->> 'id') = actor
  )
);

CREATE INDEX audit_of_incident ON audit_entries (incident_id, id);
CREATE INDEX audit_of_plan ON audit_entries (plan_id, id);

CREATE FUNCTION is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'restrict_violation';
END
$$;

DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['audit_entries', 'votes', 'observations', 'policy_decisions', 'findings', 'finding_edges'] LOOP
    EXECUTE format('CREATE TRIGGER is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON %I FOR EACH STATEMENT EXECUTE FUNCTION is_append_only()', name);
    EXECUTE format('ALTER TABLE %I ENABLE ALWAYS TRIGGER is_append_only', name);
  END LOOP;
  FOREACH name IN ARRAY ARRAY['plans', 'plan_steps', 'grants'] LOOP
    EXECUTE format('CREATE TRIGGER is_never_deleted BEFORE DELETE OR TRUNCATE ON %I FOR EACH STATEMENT EXECUTE FUNCTION is_append_only()', name);
    EXECUTE format('ALTER TABLE %I ENABLE ALWAYS TRIGGER is_never_deleted', name);
  END LOOP;
END
$$;
