-- What each running process of a site's runner says of itself, once a minute: which operations it accepts, which programs it found.
CREATE TABLE runner_reports (
  site text NOT NULL,
  -- One per process.
  runner text NOT NULL,
  report jsonb NOT NULL,
  reported_at timestamptz NOT NULL,
  PRIMARY KEY (site, runner)
);

INSERT INTO application_rights (relation, privileges) VALUES ('runner_reports', 'SELECT, INSERT, UPDATE, DELETE');
