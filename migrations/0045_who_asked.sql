-- People who count as requesters beside `requester`: who answered the planner, and whose token opened it. They approve nothing that a requester may not.
ALTER TABLE incidents ADD COLUMN co_requesters text[] NOT NULL DEFAULT '{}';

-- Who made a token, where a person did: what it does for nobody else is done for them.
ALTER TABLE service_tokens ADD COLUMN created_by text;

UPDATE application_rights SET privileges = replace(privileges, 'UPDATE (state, ', 'UPDATE (co_requesters, state, ') WHERE relation = 'incidents';
