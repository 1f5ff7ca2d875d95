import type { Finding } from '../../workflows/contracts/finding.ts';
import type { Similar } from '../../workflows/contracts/memory.ts';
import { type Evidence, type EvidenceNode, edgeOf, type Parts } from './model.ts';

const memoryId = ({ incidentId }: Similar) => `memory:${incidentId}`;

function memoryNode(memory: Similar): EvidenceNode {
  const { title, cause, fix, outcome, at } = memory;
  const detail = `was: ${cause}; done: ${fix}`;
  return { id: memoryId(memory), kind: 'memory', label: title, state: outcome, detail, confidence: null, at };
}

const entityOf = ({ entity: { site, namespace, name } }: Finding) => `${site}/${namespace ?? ''}/${name}`;

/** What it has in common with a finding; of those that have as much, the surest finding. */
function alike({ causes, entities }: Similar, findings: readonly Finding[]): Finding | undefined {
  const common = (finding: Finding) => Number(causes.includes(finding.cause)) * 2 + Number(entities.includes(entityOf(finding)));
  return findings.toSorted((a, b) => common(b) - common(a) || b.confidence - a.confidence)[0];
}

/** Incidents of before: shown beside what they are like, by an edge of their own kind that supports nothing. */
export function memoryParts({ findings, similar = [] }: Evidence): Parts {
  return {
    nodes: similar.map(memoryNode),
    edges: similar.flatMap((memory) => {
      const finding = alike(memory, findings);
      return finding === undefined ? [] : [edgeOf(memoryId(memory), 'resembles', finding.id, memory.because.join(', '))];
    }),
  };
}
