-- Entries are written in the order of their time, or nearly: a summary per block of the table finds them by it, and costs an append next
-- to nothing. The id of an entry begins with the same time (bot/store/audit-filter.ts).
CREATE INDEX audit_by_time ON audit_entries USING brin (at) WITH (pages_per_range = 32, autosummarize = on);
