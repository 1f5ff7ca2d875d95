-- What people and systems said, beside the log: an entry's body holds SHA-256(salt || value) in place of each such value, and this its
-- salts and values, by field, as RFC 8785 text. A row may be deleted by the owner, and the log's proofs stay as they are. No foreign key:
-- it would lock, and so rewrite, each new entry.
CREATE TABLE audit_disclosures (
  entry_id bigint PRIMARY KEY,
  words text NOT NULL
);

-- A text as a part of a LIKE pattern that only matches itself.
CREATE FUNCTION audit_literal(value text) RETURNS text LANGUAGE sql IMMUTABLE STRICT AS $$
  SELECT pg_catalog.replace(pg_catalog.replace(pg_catalog.replace(value, '\', '\\'), '_', '\_'), '%', '\%')
$$;

-- The only way in for the program's role. Every append pays for it, so: the leaf is made here and need not be compared; the columns for
-- queries may not differ from the body, which is seen by how the body begins and ends, and read as JSON only where that does not tell;
-- names are qualified in place of a search_path of its own; and it is called, not selected from, which needs no plan.
--
-- The transaction gets its number before the entry gets its own. So whoever sees an entry knows that all entries with lower numbers belong
-- to transactions that had begun by then (bot/store/audit-sequence.ts).
CREATE PROCEDURE audit_append(
  body bytea, words text, at timestamptz, incident_id text, plan_id text, kind text, actor_kind text, actor_id text
) LANGUAGE plpgsql SECURITY DEFINER AS $$
#variable_conflict use_variable
DECLARE
  entry_id bigint;
BEGIN
  IF pg_catalog.pg_current_xact_id() IS NULL OR NOT (
    pg_catalog.convert_from(body, 'UTF8') OPERATOR(pg_catalog.~~) pg_catalog.concat(
      public.audit_literal(pg_catalog.concat('{"actor":{"id":"', actor_id, '","kind":"', actor_kind, '"},"at":"')),
      '%',
      public.audit_literal(pg_catalog.concat(
        ',"incidentId":', CASE WHEN incident_id IS NULL THEN 'null' ELSE pg_catalog.concat('"', incident_id, '"') END,
        ',"kind":"', kind,
        '","planId":', CASE WHEN plan_id IS NULL THEN 'null' ELSE pg_catalog.concat('"', plan_id, '"') END,
        ',"version":'
      )),
      '_}'
    )
  ) THEN
    PERFORM public.audit_refuse_other(pg_catalog.convert_from(body, 'UTF8')::pg_catalog.jsonb, incident_id, plan_id, kind, actor_kind, actor_id);
  END IF;
  INSERT INTO public.audit_entries (at, incident_id, plan_id, kind, actor, body, leaf)
  VALUES (
    at, incident_id, plan_id, kind, pg_catalog.concat(actor_kind, ':', actor_id), body,
    pg_catalog.sha256(pg_catalog.byteacat('\x00'::pg_catalog.bytea, body))
  )
  RETURNING id INTO entry_id;
  IF words IS NOT NULL THEN
    INSERT INTO public.audit_disclosures (entry_id, words) VALUES (entry_id, words);
  END IF;
END
$$;

CREATE FUNCTION audit_refuse_other(entry jsonb, incident_id text, plan_id text, kind text, actor_kind text, actor_id text)
RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
  IF jsonb_build_array(entry -> 'incidentId', entry -> 'planId', entry -> 'kind', entry -> 'actor' -> 'kind', entry -> 'actor' -> 'id')
    <> jsonb_build_array(incident_id, plan_id, kind, actor_kind, actor_id) THEN
    RAISE EXCEPTION 'the columns of an audit entry differ from its body' USING ERRCODE = 'check_violation', CONSTRAINT = 'audit_columns_agree';
  END IF;
END
$$;

-- Prepared anew for each statement, and the second read the body five times.
ALTER TABLE audit_entries DROP CONSTRAINT audit_leaf_of_body, DROP CONSTRAINT audit_columns_agree;

CREATE TRIGGER is_append_only BEFORE UPDATE OR TRUNCATE ON audit_disclosures FOR EACH STATEMENT EXECUTE FUNCTION is_append_only();
ALTER TABLE audit_disclosures ENABLE ALWAYS TRIGGER is_append_only;

-- Routines that the program's role may call, as `application_rights` lists tables.
CREATE TABLE application_routines (
  signature text PRIMARY KEY
);

INSERT INTO application_routines (signature) VALUES ('audit_append(bytea, text, timestamptz, text, text, text, text, text)');

REVOKE ALL ON PROCEDURE audit_append(bytea, text, timestamptz, text, text, text, text, text) FROM PUBLIC;
REVOKE ALL ON FUNCTION audit_refuse_other(jsonb, text, text, text, text, text) FROM PUBLIC;

CREATE OR REPLACE FUNCTION grant_application_rights(role name) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  entry record;
BEGIN
  EXECUTE format('REVOKE ALL ON ALL TABLES IN SCHEMA public FROM %I', role);
  EXECUTE format('GRANT USAGE ON SCHEMA public TO %I', role);
  FOR entry IN SELECT relation, privileges FROM application_rights LOOP
    EXECUTE format('GRANT %s ON %I TO %I', entry.privileges, entry.relation, role);
  END LOOP;
  FOR entry IN SELECT signature FROM application_routines LOOP
    EXECUTE format('GRANT EXECUTE ON ROUTINE %s TO %I', entry.signature::regprocedure, role);
  END LOOP;
END
$$;

INSERT INTO application_rights (relation, privileges) VALUES ('audit_disclosures', 'SELECT');
UPDATE application_rights SET privileges = 'SELECT' WHERE relation = 'audit_entries';
