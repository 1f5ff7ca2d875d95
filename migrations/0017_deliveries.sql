-- Where a sender gives its delivery an id beside the event's own, either one seen before is the same event.
ALTER TABLE inbox ADD COLUMN delivery_id text;
CREATE UNIQUE INDEX inbox_deliveries ON inbox (source, delivery_id) WHERE delivery_id IS NOT NULL;
