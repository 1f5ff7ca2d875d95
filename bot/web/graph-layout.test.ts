import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { EvidenceGraph } from '../evidence/model.ts';
import { layOut, nodeSize } from './graph-layout.ts';

const relations = ['supports', 'contradicts', 'caused', 'verified by'] as const;

/** Any edges, also in circles and to nodes that are not there. */
const graphs = fc.integer({ min: 0, max: 12 }).chain((size) =>
  fc.record({
    nodes: fc.constant(
      Array.from({ length: size }, (_, index) => ({ id: `n${index}`, kind: 'observation' as const, label: `node ${index}`, state: null })),
    ),
    edges: fc.array(
      fc.record({ from: fc.nat(13).map((n) => `n${n}`), to: fc.nat(13).map((n) => `n${n}`), relation: fc.constantFrom(...relations) }),
      { maxLength: 30 },
    ),
  }),
) as fc.Arbitrary<EvidenceGraph>;

test('every node has a place of its own inside the drawing, and every edge between nodes is drawn', () => {
  fc.assert(
    fc.property(graphs, (graph) => {
      const { width, height, nodes, edges } = layOut(graph);
      expect(nodes.map(({ id }) => id).toSorted()).toEqual(graph.nodes.map(({ id }) => id).toSorted());
      expect(new Set(nodes.map(({ x, y }) => `${x},${y}`)).size).toBe(nodes.length);
      expect(nodes.every(({ x, y }) => x >= 0 && y >= 0 && x + nodeSize.width <= width && y + nodeSize.height <= height)).toBe(true);
      const known = new Set(graph.nodes.map(({ id }) => id));
      expect(edges).toHaveLength(graph.edges.filter(({ from, to }) => known.has(from) && known.has(to)).length);
    }),
    { numRuns: 200 },
  );
});

test('what leads to something stands to the left of it', () => {
  const nodes = ['step', 'finding', 'one', 'other'].map((id) => ({ id, kind: 'observation' as const, label: id, state: null }));
  const edges = [
    { from: 'one', to: 'finding', relation: 'supports' as const },
    { from: 'other', to: 'finding', relation: 'contradicts' as const },
    { from: 'finding', to: 'step', relation: 'caused' as const },
    { from: 'other', to: 'step', relation: 'supports' as const },
  ];
  const x = new Map(layOut({ nodes, edges } as EvidenceGraph).nodes.map((node) => [node.id, node.x]));
  expect(edges.every(({ from, to }) => (x.get(from) ?? 0) < (x.get(to) ?? 0))).toBe(true);
});
