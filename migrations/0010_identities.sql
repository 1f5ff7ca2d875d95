-- Accounts of people in other systems that they linked by a login. `realm` is the Slack team or the OIDC issuer, and empty for the others.
-- A row is never changed but once: when the link ends.
CREATE TABLE identities (
  id text PRIMARY KEY,
  kind text NOT NULL CHECK (kind IN ('slack', 'linear', 'pagerduty', 'oidc')),
  realm text NOT NULL,
  account text NOT NULL CHECK (account <> ''),
  person text NOT NULL,
  linked_at timestamptz NOT NULL,
  linked_by text NOT NULL CHECK (linked_by IN ('login', 'email')),
  ended_at timestamptz,
  ended_by text,
  CONSTRAINT identities_end_is_whole CHECK ((ended_at IS NULL) = (ended_by IS NULL))
);

-- One person per account, and one account per person.
CREATE UNIQUE INDEX identities_account ON identities (kind, realm, account) WHERE ended_at IS NULL;
CREATE UNIQUE INDEX identities_person ON identities (kind, realm, person) WHERE ended_at IS NULL;

CREATE FUNCTION identity_ends_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.ended_at IS NOT NULL
    OR (OLD.id, OLD.kind, OLD.realm, OLD.account, OLD.person, OLD.linked_at, OLD.linked_by)
      IS DISTINCT FROM (NEW.id, NEW.kind, NEW.realm, NEW.account, NEW.person, NEW.linked_at, NEW.linked_by) THEN
    RAISE EXCEPTION 'identity % changes once, when it ends', OLD.id USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END
$$;

CREATE TRIGGER identity_ends_once BEFORE UPDATE ON identities FOR EACH ROW EXECUTE FUNCTION identity_ends_once();
ALTER TABLE identities ENABLE ALWAYS TRIGGER identity_ends_once;
CREATE TRIGGER is_never_deleted BEFORE DELETE OR TRUNCATE ON identities FOR EACH STATEMENT EXECUTE FUNCTION is_append_only();
ALTER TABLE identities ENABLE ALWAYS TRIGGER is_never_deleted;

-- What the issuer said of a person when it was last heard: the groups that configuration gives a meaning to.
CREATE TABLE sign_ins (
  issuer text NOT NULL,
  subject text NOT NULL,
  groups text[] NOT NULL,
  signed_in_at timestamptz,
  claims_at timestamptz NOT NULL,
  PRIMARY KEY (issuer, subject)
);

-- The one link that a Slack account may use to say who it is; a new one takes the place of the old one. The code itself is not kept.
CREATE TABLE link_codes (
  team text NOT NULL,
  slack_user text NOT NULL,
  hash bytea NOT NULL UNIQUE CHECK (octet_length(hash) = 32),
  team_name text NOT NULL,
  user_name text NOT NULL,
  expires_at timestamptz NOT NULL,
  used_at timestamptz,
  PRIMARY KEY (team, slack_user)
);

INSERT INTO application_rights (relation, privileges) VALUES
  ('identities', 'SELECT, INSERT, UPDATE (ended_at, ended_by)'),
  ('sign_ins', 'SELECT, INSERT, UPDATE (groups, signed_in_at, claims_at)'),
  ('link_codes', 'SELECT, INSERT, UPDATE (hash, team_name, user_name, expires_at, used_at)');
