-- What the log is searched by, beside it: filled when entries get their places, so that an append pays nothing for it, and by a trigger, so
-- that no program can leave it out. It says where to look and proves nothing: the entries themselves do.
CREATE TABLE audit_search (
  seq bigint PRIMARY KEY,
  at timestamptz NOT NULL,
  kind text COLLATE "C" NOT NULL,
  actor text NOT NULL,
  operation text,
  verdict text
);

-- A text in an entry's data, cut to what an index holds; null: it has none, or is no entry any more.
CREATE FUNCTION audit_search_word(body bytea, field text) RETURNS text LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
  RETURN left(convert_from(body, 'UTF8')::jsonb -> 'data' ->> field, 250);
EXCEPTION WHEN data_exception OR program_limit_exceeded THEN
  RETURN NULL;
END
$$;

-- The exact bytes first, since few entries have them, and only then the JSON.
INSERT INTO audit_search (seq, at, kind, actor, operation, verdict)
SELECT s.seq, e.at, left(e.kind, 250), left(e.actor, 250),
  CASE WHEN position('"operation":"'::bytea IN e.body) > 0 THEN audit_search_word(e.body, 'operation') END,
  CASE WHEN position('"verdict":"'::bytea IN e.body) > 0 THEN audit_search_word(e.body, 'verdict') END
FROM audit_sequence s JOIN audit_entries e ON e.id = s.entry_id;

CREATE INDEX audit_search_at ON audit_search (at, seq);
CREATE INDEX audit_search_kind ON audit_search (kind, seq);
CREATE INDEX audit_search_actor ON audit_search (actor, seq);
CREATE INDEX audit_search_operation ON audit_search (operation, seq) WHERE operation IS NOT NULL;
CREATE INDEX audit_search_verdict ON audit_search (verdict, seq) WHERE verdict IS NOT NULL;
ANALYZE audit_search;

-- With the owner's rights: the program's role cannot write here.
CREATE FUNCTION audit_search_fills() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
  INSERT INTO public.audit_search (seq, at, kind, actor, operation, verdict)
  SELECT a.seq, e.at, left(e.kind, 250), left(e.actor, 250),
    CASE WHEN position('"operation":"'::bytea IN e.body) > 0 THEN public.audit_search_word(e.body, 'operation') END,
    CASE WHEN position('"verdict":"'::bytea IN e.body) > 0 THEN public.audit_search_word(e.body, 'verdict') END
  FROM added a JOIN public.audit_entries e ON e.id = a.entry_id
  ON CONFLICT DO NOTHING;
  RETURN NULL;
END
$$;

REVOKE ALL ON FUNCTION audit_search_word(bytea, text), audit_search_fills() FROM PUBLIC;

CREATE TRIGGER audit_search_fills AFTER INSERT ON audit_sequence
  REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION audit_search_fills();
ALTER TABLE audit_sequence ENABLE ALWAYS TRIGGER audit_search_fills;

INSERT INTO application_rights (relation, privileges) VALUES ('audit_search', 'SELECT');
