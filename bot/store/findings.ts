import { z } from 'zod';
import { Finding } from '../../workflows/contracts/finding.ts';
import type { Actor } from './audit.ts';
import type { Recorder } from './record.ts';
import { clean, type Db, json, sql, type Tx } from './sql.ts';

async function saveFinding(tx: Tx, record: Recorder, incidentId: string, finding: Finding, actor: Actor): Promise<void> {
  const { edges, ...body } = finding;
  const inserted = await tx.maybeOne(sql.typeAlias('id')`
    INSERT INTO findings (incident_id, id, body) VALUES (${incidentId}, ${finding.id}, ${json(body)}::jsonb) ON CONFLICT DO NOTHING RETURNING id
  `);
  if (inserted === null) return;
  const rows = edges.map((edge, position) => [incidentId, finding.id, position, edge.observation, edge.relation, clean(edge.excerpt)]);
  await tx.query(sql.typeAlias('none')`
    INSERT INTO finding_edges (incident_id, finding_id, position, observation_id, relation, excerpt)
    SELECT * FROM ${sql.unnest(rows, ['text', 'text', 'int4', 'text', 'text', 'text'])}
  `);
  const observations = edges.map((edge) => `${edge.relation} ${edge.observation}`).join('; ');
  await record(tx, {
    kind: 'finding.saved',
    actor,
    incidentId,
    ids: { finding: finding.id, analyzer: finding.analyzer, cause: finding.cause, observations },
    words: { title: finding.title, confidence: finding.confidence },
  });
}

/** Adds what is new. Throws Rejected when a finding has no supporting edge, or names an observation that the incident has not. */
export async function saveFindings(
  tx: Tx,
  record: Recorder,
  incidentId: string,
  findings: readonly Finding[],
  actor: Actor,
): Promise<void> {
  for (const finding of findings) await saveFinding(tx, record, incidentId, finding, actor);
}

/** In the order in which they were saved. */
export async function listFindings(db: Db, incidentId: string): Promise<readonly Finding[]> {
  const rows = await db.any(sql.type(z.object({ finding: Finding }))`
    SELECT f.body || jsonb_build_object('edges', (
      SELECT jsonb_agg(jsonb_build_object('observation', e.observation_id, 'relation', e.relation, 'excerpt', e.excerpt) ORDER BY e.position)
      FROM finding_edges e WHERE e.incident_id = f.incident_id AND e.finding_id = f.id
    )) AS finding
    FROM findings f WHERE f.incident_id = ${incidentId} ORDER BY f.position
  `);
  return rows.map((row) => row.finding);
}
