import { z } from 'zod';
import { type Db, sql } from './sql.ts';

export const MirrorLink = z.object({
  incidentId: z.string(),
  sink: z.enum(['linear', 'pagerduty']),
  externalId: z.string(),
  url: z.string().nullable(),
});
export type MirrorLink = z.infer<typeof MirrorLink>;

/** What a linked page beside the primary one was told last. */
export const Told = z.enum(['opened', 'closed']);
export type Told = z.infer<typeof Told>;

const Kept = MirrorLink.extend({ told: Told.nullable() });
export type KeptMirrorLink = z.infer<typeof Kept>;

const columns = sql.fragment`incident_id AS "incidentId", sink, external_id AS "externalId", url, told`;

/** Idempotent; a later URL replaces an earlier one. */
export async function putMirrorLink(db: Db, link: MirrorLink): Promise<void> {
  await db.query(sql.typeAlias('none')`
    INSERT INTO mirror_links (incident_id, sink, external_id, url) VALUES (${link.incidentId}, ${link.sink}, ${link.externalId}, ${link.url})
    ON CONFLICT (incident_id, sink, external_id) DO UPDATE SET url = coalesce(excluded.url, mirror_links.url)
  `);
}

export async function setTold(db: Db, link: Pick<MirrorLink, 'incidentId' | 'sink' | 'externalId'>, told: Told): Promise<void> {
  await db.query(sql.typeAlias('none')`
    UPDATE mirror_links SET told = ${told} WHERE incident_id = ${link.incidentId} AND sink = ${link.sink} AND external_id = ${link.externalId}
  `);
}

/** The first of a sink is the primary one. */
export function listMirrorLinks(db: Db, incidentId: string): Promise<readonly KeptMirrorLink[]> {
  return db.any(
    sql.type(Kept)`SELECT ${columns} FROM mirror_links WHERE incident_id = ${incidentId} ORDER BY sink, created_at, external_id`,
  );
}

export function mirrorLinksTo(db: Db, sink: MirrorLink['sink'], externalId: string): Promise<readonly MirrorLink[]> {
  return db.any(
    sql.type(Kept)`SELECT ${columns} FROM mirror_links WHERE sink = ${sink} AND external_id = ${externalId} ORDER BY created_at`,
  );
}
