-- How far each receiver of checkpoints has them. A restored backup sends some again: they are the same, or the receiver sees that they are not.
CREATE TABLE audit_deliveries (
  receiver text PRIMARY KEY,
  size bigint NOT NULL CHECK (size > 0),
  at timestamptz NOT NULL DEFAULT clock_timestamp()
);

INSERT INTO application_rights (relation, privileges) VALUES ('audit_deliveries', 'SELECT, INSERT, UPDATE (size, at)');
