import type { Plan } from '../workflows/contracts/plan.ts';
import { shortId } from './links.ts';

/** Which file proposed it, and over which others; null: no playbook did. */
export function provenanceWords({ provenance }: Pick<Plan, 'provenance'>): string | null {
  if (provenance === null) return null;
  const { file, origin, sha256, set, over } = provenance;
  const others = over.length === 0 ? '' : `; less specific, and passed over: ${over.map(({ playbook }) => playbook).join(', ')}`;
  return `${origin === 'own' ? 'your' : 'shipped'} file ${file}, ${shortId(sha256)} of the set ${shortId(set)}${others}`;
}
