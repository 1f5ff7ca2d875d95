import type { Incident } from '../../workflows/contracts/incident.ts';
import type { Picture } from '../slack/snippets.ts';
import type { Store } from '../store/store.ts';
import { describe } from './describe.ts';
import { evidenceGraph } from './graph.ts';
import { loadEvidence } from './load.ts';
import type { EvidenceGraph } from './model.ts';
import { pick } from './pick.ts';
import { pngOf } from './png.ts';
import { evidenceSvg } from './svg.ts';

/** When: with the findings, or at the end, where it is a second one only if something was done. */
export type Moment = 'found' | 'ended';

const untouched: readonly (string | null)[] = ['pending', 'skipped', null];

function isWorthShowing({ nodes }: EvidenceGraph, moment: Moment): boolean {
  const some = (kind: 'finding' | 'step', fits: (state: string | null) => boolean = () => true) =>
    nodes.some((node) => node.kind === kind && fits(node.state));
  return some('finding') && (moment === 'found' || some('step', (state) => !untouched.includes(state)));
}

/** Words only: edges find their nodes by ids. */
function redacted({ nodes, edges }: EvidenceGraph, redact: (text: string) => string): EvidenceGraph {
  const orNull = (text: string | null) => (text === null ? null : redact(text));
  return {
    nodes: nodes.map((node) => ({ ...node, label: redact(node.label), detail: orNull(node.detail) })),
    edges: edges.map((edge) => ({ ...edge, note: orNull(edge.note) })),
  };
}

const altLimit = 1_000;

/** The evidence of an incident as a picture for Slack, on white, which both of its themes show well; null where it has nothing to show. */
export function createEvidencePicture(store: Store, redact: (text: string) => string) {
  return async ({ id, title }: Incident, moment: Moment): Promise<Picture | null> => {
    const graph = redacted(evidenceGraph(await loadEvidence(store, id)), redact);
    if (!isWorthShowing(graph, moment)) return null;
    const heading = `${moment === 'found' ? 'Evidence' : 'Evidence and what was done'}: ${redact(title)}`;
    const svg = await evidenceSvg(graph, { title: heading, theme: 'light' });
    const alt = `A graph. ${describe(pick(graph), altLimit - 10)}`;
    return { filename: `evidence-${id.slice(-12)}.png`, title: heading.slice(0, 150), alt, png: pngOf(svg) };
  };
}
