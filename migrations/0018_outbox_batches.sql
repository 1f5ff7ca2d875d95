-- Several decisions may become one message. Which ones is fixed in `batch` before anything is sent, so that a second attempt sends the same.
ALTER TABLE outbox
  DROP CONSTRAINT outbox_sink_check,
  ADD CONSTRAINT outbox_sink_check CHECK (sink IN ('linear', 'linear_agent', 'pagerduty', 'pagerduty_actions')),
  -- Until then it waits for others to join it.
  ADD COLUMN waits_until timestamptz NOT NULL DEFAULT now(),
  -- Never joined with others.
  ADD COLUMN alone boolean NOT NULL DEFAULT true,
  -- Decision ids of the first and the last row of the message.
  ADD COLUMN batch text,
  -- Written before a call that cannot be looked up afterwards.
  ADD COLUMN maybe_sent_at timestamptz;

CREATE INDEX outbox_refused ON outbox (id) WHERE state = 'refused';

-- What a linked page beside the primary one was told last.
ALTER TABLE mirror_links ADD COLUMN told text CHECK (told IN ('opened', 'closed'));

UPDATE application_rights
SET privileges = 'SELECT, INSERT, UPDATE (state, attempts, next_at, lease_until, sent_at, peer_id, last_error, batch, maybe_sent_at)'
WHERE relation = 'outbox';
UPDATE application_rights SET privileges = 'SELECT, INSERT, UPDATE (url, told)' WHERE relation = 'mirror_links';
