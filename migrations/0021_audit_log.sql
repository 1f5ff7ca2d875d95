-- The log itself: its name, in which its keys sign. Made once; a restored copy is the same log.
CREATE TABLE audit_log (
  one boolean PRIMARY KEY DEFAULT true CHECK (one),
  origin text NOT NULL CHECK (origin ~ '^[^\s+]+$')
);

INSERT INTO audit_log (origin) VALUES ('watchkeeper/' || gen_random_uuid());

-- Places in the log, from 1 without a gap. `hashes`: the leaf hash, then those of the larger subtrees that end with this entry, smallest
-- first, 32 bytes each. So the subtree of level l over the i-th run of 2^l entries is in row i * 2^l, behind l * 32 bytes.
CREATE TABLE audit_sequence (
  seq bigint PRIMARY KEY CHECK (seq > 0),
  entry_id bigint NOT NULL UNIQUE,
  hashes bytea NOT NULL,
  CONSTRAINT audit_sequence_ending_subtrees CHECK (
    octet_length(hashes) > 0 AND octet_length(hashes) % 32 = 0 AND 1::bigint << (octet_length(hashes) / 32 - 1) = (seq & -seq)
  )
);

-- In place of a foreign key, which would lock and so rewrite each entry: the entry is there, what is sequenced is the hash of its body,
-- and the place before is taken by an earlier entry.
CREATE FUNCTION audit_sequence_follows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (
    SELECT FROM added a LEFT JOIN audit_entries e ON e.id = a.entry_id
    WHERE sha256('\x00'::bytea || e.body) IS DISTINCT FROM substring(a.hashes FROM 1 FOR 32)
  ) THEN
    RAISE EXCEPTION 'a sequenced leaf is not that of its entry' USING ERRCODE = 'check_violation';
  END IF;
  IF EXISTS (
    SELECT FROM added a LEFT JOIN audit_sequence before ON before.seq = a.seq - 1
    WHERE a.seq > 1 AND NOT coalesce(before.entry_id < a.entry_id, false)
  ) THEN
    RAISE EXCEPTION 'the sequence has a gap, or goes back' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END
$$;

CREATE TRIGGER audit_sequence_follows AFTER INSERT ON audit_sequence
  REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION audit_sequence_follows();
ALTER TABLE audit_sequence ENABLE ALWAYS TRIGGER audit_sequence_follows;

-- Signed roots, https://c2sp.org/tlog-checkpoint.
CREATE TABLE audit_checkpoints (
  size bigint PRIMARY KEY CHECK (size > 0),
  note text NOT NULL,
  at timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- Keys that have signed, as verifier keys of https://c2sp.org/signed-note. For convenience: who verifies brings the keys along.
CREATE TABLE audit_keys (
  verifier text PRIMARY KEY,
  first_used_at timestamptz NOT NULL DEFAULT clock_timestamp()
);

DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['audit_log', 'audit_sequence', 'audit_checkpoints', 'audit_keys'] LOOP
    EXECUTE format('CREATE TRIGGER is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON %I FOR EACH STATEMENT EXECUTE FUNCTION is_append_only()', name);
    EXECUTE format('ALTER TABLE %I ENABLE ALWAYS TRIGGER is_append_only', name);
  END LOOP;
END
$$;

INSERT INTO application_rights (relation, privileges) VALUES
  ('audit_log', 'SELECT'),
  ('audit_sequence', 'SELECT, INSERT'),
  ('audit_checkpoints', 'SELECT, INSERT (size, note)'),
  ('audit_keys', 'SELECT, INSERT (verifier)');
