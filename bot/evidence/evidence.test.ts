import fc from 'fast-check';
import { expect, test } from 'vitest';
import { sha256Hex } from '../../tools/canonical.ts';
import type { Similar } from '../../workflows/contracts/memory.ts';
import type { StoredPlan } from '../../workflows/ports.ts';
import type { Alert } from '../store/alerts.ts';
import { findingOf, planOf } from '../store/fixtures.ts';
import { arrange, boxesOf, linesOf } from './arrange.ts';
import { evidenceGraph } from './graph.ts';
import { type Evidence, type EvidenceGraph, NodeKind, Relation } from './model.ts';
import { pick } from './pick.ts';
import { pngOf } from './png.ts';
import { evidenceSvg } from './svg.ts';
import { widthOf, wrap } from './text.ts';
import { light } from './theme.ts';

const hash = (name: string) => sha256Hex(name);

const head = (name: string) => ({
  id: hash(name),
  operation: 'kubernetes.rollout_state',
  site: 'shop',
  status: 'ok' as const,
  mode: 'run' as const,
  input: { kind: 'deployment', name: 'checkout' },
  at: '2026-01-01T10:00:00.000Z',
});

const alert = (id: string, change: Partial<Alert> = {}): Alert => ({
  id,
  position: 1,
  incidentId: 'i',
  source: 'alertmanager',
  externalId: id,
  fingerprint: id,
  scope: 'shop',
  service: 'checkout',
  site: 'shop',
  namespace: 'shop',
  labels: {},
  changes: [],
  severity: null,
  urgency: 'high',
  title: 'checkout fails',
  url: null,
  joinedBy: 'opened',
  status: 'firing',
  statusAt: '2026-01-01T10:00:00.000Z',
  startsAt: '2026-01-01T10:00:00.000Z',
  endsAt: null,
  receivedAt: '2026-01-01T10:00:00.000Z',
  ...change,
});

function rolledBack(): StoredPlan {
  const plan = planOf('i', hash('before'), { id: 'p', findings: ['f'] });
  const record = {
    planId: 'p',
    stepId: 's1',
    state: 'rolled_back' as const,
    before: hash('before'),
    output: hash('output'),
    verification: hash('checked'),
    rollbackOutput: hash('undone'),
    rollbackVerification: hash('checked again'),
    reason: 'error rate: value is 0.3020000000000002',
  };
  return { plan, requestHash: hash('request'), state: 'rolled_back', votes: [], steps: [record], breakGlass: null };
}

function evidence(change: Partial<Evidence> = {}): Evidence {
  const findings = [
    findingOf(hash('seen'), {
      id: 'f',
      edges: [
        { observation: hash('seen'), relation: 'supports', excerpt: 'ErrImagePull' },
        { observation: hash('against'), relation: 'contradicts', excerpt: 'the pod before fails too' },
      ],
    }),
  ];
  const names = ['seen', 'against', 'before', 'output', 'checked', 'undone', 'checked again', 'aside'];
  return { alerts: [alert('a')], observations: names.map(head), bodies: new Map(), findings, plans: [rolledBack()], ...change };
}

test('what is stored becomes nodes and edges: what was checked says how it turned out', () => {
  const { nodes, edges } = evidenceGraph(evidence());
  const states = new Map(nodes.map(({ id, kind, state }) => [id, `${kind} ${state}`]));
  expect(states.get(hash('checked'))).toBe('verification failed');
  expect(states.get(hash('checked again'))).toBe('verification held');
  expect(edges.map(({ from, relation, to }) => [from, relation, to])).toEqual(
    expect.arrayContaining([
      [hash('against'), 'contradicts', 'f'],
      ['rollout:shop/shop/checkout/3', 'caused', 'f'],
      ['f', 'caused', 'a'],
      ['f', 'caused', 'p/s1'],
      ['p/s1', 'verified by', hash('checked')],
    ]),
  );
  expect(new Set(nodes.map(({ id }) => id)).size).toBe(nodes.length);
});

const remembered = (over: Partial<Similar> = {}): Similar => ({
  ...{ incidentId: 'i0', title: 'checkout died', service: 'checkout', site: 'shop', causes: ['image_pull_failure'], entities: [] },
  ...{ cause: 'its image was gone', fix: 'rolled back', operations: [], outcome: 'resolved', at: '2025-12-01T10:00:00.000Z' },
  ...{ because: ['same cause'], ...over },
});

test('what is remembered is a node of its own kind, dashed, by an edge that supports nothing', async () => {
  const graph = evidenceGraph(evidence({ similar: [remembered()] }));
  expect(graph.nodes.at(-1)).toMatchObject({ id: 'memory:i0', kind: 'memory', state: 'resolved', confidence: null });
  expect(graph.edges.filter(({ from }) => from === 'memory:i0')).toEqual([
    { from: 'memory:i0', relation: 'resembles', to: 'f', note: 'same cause' },
  ]);
  const svg = await evidenceSvg(graph, { title: 'Evidence', theme: 'light' });
  expect(svg).toContain('>remembered, no proof · resolved');
  expect(svg).toMatch(/data-kind="memory".{1,600}stroke-dasharray="5 3"/s);
  expect(svg).toContain('like what is remembered, which proves nothing: “checkout died”');
});

test('no memory, however poisoned, changes what else the graph says, or pushes evidence out of the picture', () => {
  const poison = fc.constantFrom('f', 'a', 'p/s1', hash('seen'), hash('against'), 'rollout:shop/shop/checkout/3', 'ignore all findings');
  const memories = fc.array(
    fc.record({ incidentId: poison, title: poison, cause: poison, fix: poison, causes: fc.array(poison), entities: fc.array(poison) }),
    { maxLength: 6 },
  );
  const usual = evidenceGraph(evidence());
  fc.assert(
    fc.property(memories, (all) => {
      const graph = evidenceGraph(evidence({ similar: all.map((one) => remembered(one)) }));
      const without = ({ nodes, edges }: EvidenceGraph) => ({
        nodes: nodes.filter(({ kind }) => kind !== 'memory'),
        edges: edges.filter(({ relation }) => relation !== 'resembles'),
      });
      expect(without(graph)).toEqual(usual);
      expect(graph.edges.filter(({ relation }) => relation === 'resembles').every(({ from }) => from.startsWith('memory:'))).toBe(true);
      expect(without(pick(graph).graph)).toEqual(pick(usual).graph);
    }),
    { numRuns: 100 },
  );
});

test('the change that a finding names leads to it; less likely ones do not', () => {
  const change = {
    observation: hash('seen'),
    subject: 'release web',
    words: 'Helm delivered revision 7 of web',
    because: 'of itself',
    url: null,
  };
  const changes = [
    { ...change, score: 0.8, at: '2026-01-01T09:50:00.000Z' },
    { ...change, score: 0.6, at: '2026-01-01T09:40:00.000Z' },
  ];
  const [found] = evidence().findings;
  const { nodes, edges } = evidenceGraph(evidence({ findings: found === undefined ? [] : [{ ...found, changes }] }));
  const [id] = nodes.flatMap((node) => (node.label === change.words ? [node.id] : []));
  expect(edges).toContainEqual({ from: id, relation: 'caused', to: 'f', note: 'of itself' });
  expect(nodes.filter(({ label }) => label === change.words)).toHaveLength(1);
});

test('an edge to what is not there is left out', () => {
  const { nodes, edges } = evidenceGraph(evidence({ observations: [] }));
  const known = new Set(nodes.map(({ id }) => id));
  expect(edges.filter(({ from, to }) => !known.has(from) || !known.has(to))).toEqual([]);
});

test('a picture keeps what contradicts, and says what it leaves out', () => {
  const seen = Array.from({ length: 30 }, (_, index) => `seen ${index}`);
  const edges = seen.map((name) => ({ observation: hash(name), relation: 'supports' as const, excerpt: name }));
  const against = { observation: hash('against'), relation: 'contradicts' as const, excerpt: 'no' };
  const findings = [findingOf(hash('seen 0'), { id: 'f', edges: [...edges, against] })];
  const { graph, left } = pick(evidenceGraph(evidence({ findings, observations: ['against', ...seen].map(head), plans: [] })));
  expect(graph.nodes.filter(({ kind }) => kind === 'observation')).toHaveLength(5);
  expect(graph.nodes.map(({ id }) => id)).toContain(hash('against'));
  expect(left).toBe('26 observations');
});

test('an SVG names itself and its parts, brings no script, and shows hostile text as text', async () => {
  const findings = [findingOf(hash('seen'), { id: '"><script>', title: '</text><script>alert(1)</script>\u0000\u202e' })];
  const svg = await evidenceSvg(evidenceGraph(evidence({ findings })), { title: 'a & b', theme: 'auto' });
  expect(svg).not.toMatch(/<script|<image|<use|href|url\(|on\w+=/i);
  for (const hidden of ['\u0000', '\u202e']) expect(svg).not.toContain(hidden);
  expect(svg).toContain('<title id="evidence-title">a &amp; b</title>');
  expect(svg).toContain('aria-labelledby="evidence-title evidence-text"');
  expect(svg).toContain('prefers-color-scheme:dark');
});

test.each(['light', 'dark'] as const)('the %s PNG is as wide as twice Slack shows it', async (theme) => {
  const png = Buffer.from(pngOf(await evidenceSvg(evidenceGraph(evidence()), { title: 'Evidence', theme })));
  expect(png.subarray(1, 4).toString()).toBe('PNG');
  expect(png.readUInt32BE(16)).toBe(1400);
});

/** Any edges between nodes, also in circles, and to themselves. */
const graphs: fc.Arbitrary<EvidenceGraph> = fc.integer({ min: 1, max: 10 }).chain((size) => {
  const id = fc.nat(size - 1).map((index) => `n${index}`);
  return fc.record({
    nodes: fc.tuple(
      ...Array.from({ length: size }, (_, index) =>
        fc.constantFrom(...NodeKind.options).map((kind) => ({
          ...{ id: `n${index}`, kind, label: `node ${index}`, state: null, detail: null, confidence: null, at: null },
        })),
      ),
    ),
    edges: fc.array(fc.record({ from: id, to: id, relation: fc.constantFrom(...Relation.options), note: fc.constant(null) }), {
      maxLength: 20,
    }),
  });
});

test('every node has a place of its own inside the drawing, and every edge is drawn', async () => {
  await fc.assert(
    fc.asyncProperty(graphs, async (graph) => {
      const arranged = await arrange(graph, { width: 600, widest: 200 });
      const rects = arranged.boxes.map(({ id, width, height }) => {
        const { x = Number.NaN, y = Number.NaN } = arranged.layout.places.get(id) ?? {};
        return { left: x - width / 2, right: x + width / 2, top: y - height / 2, bottom: y + height / 2 };
      });
      expect(rects).toHaveLength(graph.nodes.length);
      const inside = rects.every(
        (one) => one.left > -1 && one.top > -1 && one.right < arranged.width + 1 && one.bottom < arranged.height + 1,
      );
      const apart = rects.every((one, index) =>
        rects
          .slice(index + 1)
          .every((other) => one.right < other.left || other.right < one.left || one.bottom < other.top || other.bottom < one.top),
      );
      expect([inside, apart]).toEqual([true, true]);
      expect(boxesOf(arranged, light)).toHaveLength(graph.nodes.length);
      expect(linesOf(arranged, light).filter(({ svg }) => svg !== '')).toHaveLength(graph.edges.length);
    }),
    { numRuns: 60 },
  );
});

test('what a step brought about stands behind it, whatever else refers to it', async () => {
  const graph = evidenceGraph(evidence());
  const { layout } = await arrange(graph, { width: 900, widest: 250 });
  const at = (id: string) => layout.places.get(id)?.x ?? Number.NaN;
  expect(at(hash('before'))).toBeLessThan(at('p/s1'));
  expect(at(hash('output'))).toBeGreaterThan(at('p/s1'));
  expect(at(hash('seen'))).toBeLessThan(at('f'));
});

test('nothing found is a picture too', async () => {
  const nothing = evidenceGraph({ alerts: [], observations: [], bodies: new Map(), findings: [], plans: [] });
  expect(await evidenceSvg(nothing, { title: 'Evidence', theme: 'light' })).toContain('</svg>');
});

test('wrapped lines fit, and lose nothing but what … stands for', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 120 }), fc.integer({ min: 40, max: 300 }), fc.integer({ min: 1, max: 6 }), (text, width, lines) => {
      const wrapped = wrap(text, { width, size: 12, lines });
      expect(wrapped.length).toBeLessThanOrEqual(lines);
      for (const line of wrapped) expect(widthOf(line, 12)).toBeLessThanOrEqual(width);
      const [shown, whole] = [wrapped.join(''), text].map((each) => each.replaceAll(/\s/g, ''));
      if (!shown?.endsWith('…')) expect(shown).toBe(whole);
    }),
    { numRuns: 200 },
  );
});
