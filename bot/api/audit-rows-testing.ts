/** SQL for the superuser: so many entries of the ordinary size. */
export function insertEntries(count: number): string {
  return `
    INSERT INTO audit_entries (at, kind, actor, body, leaf)
    SELECT now(), 'test.many', 'person:alice', body, sha256('\\x00'::bytea || body) FROM (
      SELECT convert_to('{"actor":{"id":"alice","kind":"person"},"at":"2026-01-01T00:00:00.000Z","data":{"n":' || n || ',"padding":"' || repeat('x', 400)
        || '"},"id":"made-up","incidentId":null,"kind":"test.many","planId":null,"version":2}', 'UTF8') AS body FROM generate_series(1, ${count}) AS n
    ) AS made
  `;
}

/** SQL for the superuser: a place for each entry; the tree above the leaves is made up. */
export const placeEntries = `
  INSERT INTO audit_sequence (seq, entry_id, hashes)
  SELECT n, id, leaf || decode(repeat('00', 32 * log(2, n & -n)::int), 'hex') FROM (
    SELECT row_number() OVER (ORDER BY id) AS n, id, leaf FROM audit_entries
  ) AS numbered
`;
