-- A change that stopped before anything was changed, because what was approved did not hold any more.
INSERT INTO plan_transitions (from_state, to_state) VALUES ('executing', 'stopped');
