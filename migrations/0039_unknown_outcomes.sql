-- A request that failed in the middle may have taken effect all the same: its key is kept, and whoever sends it again is told.
ALTER TABLE idempotency_keys ADD COLUMN unknown boolean NOT NULL DEFAULT false;
