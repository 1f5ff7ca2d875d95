import { z } from 'zod';
import { Sink } from './outbox.ts';
import { type Db, sql } from './sql.ts';

export const MirrorLink = z.object({ incidentId: z.string(), sink: Sink, externalId: z.string(), url: z.string().nullable() });
export type MirrorLink = z.infer<typeof MirrorLink>;

const columns = sql.fragment`incident_id AS "incidentId", sink, external_id AS "externalId", url`;

/** Idempotent; a later URL replaces an earlier one. */
export async function putMirrorLink(db: Db, link: MirrorLink): Promise<void> {
  await db.query(sql.typeAlias('none')`
    INSERT INTO mirror_links (incident_id, sink, external_id, url) VALUES (${link.incidentId}, ${link.sink}, ${link.externalId}, ${link.url})
    ON CONFLICT (incident_id, sink, external_id) DO UPDATE SET url = coalesce(excluded.url, mirror_links.url)
  `);
}

/** The first of a sink is the primary one. */
export function listMirrorLinks(db: Db, incidentId: string): Promise<readonly MirrorLink[]> {
  return db.any(
    sql.type(MirrorLink)`SELECT ${columns} FROM mirror_links WHERE incident_id = ${incidentId} ORDER BY sink, created_at, external_id`,
  );
}

export function mirrorLinksTo(db: Db, sink: Sink, externalId: string): Promise<readonly MirrorLink[]> {
  return db.any(
    sql.type(MirrorLink)`SELECT ${columns} FROM mirror_links WHERE sink = ${sink} AND external_id = ${externalId} ORDER BY created_at`,
  );
}
