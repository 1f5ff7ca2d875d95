import type { EvidenceGraph } from '../evidence/model.ts';

export interface Placed {
  readonly id: string;
  readonly kind: EvidenceGraph['nodes'][number]['kind'];
  readonly label: string;
  readonly state: string | null;
  readonly x: number;
  readonly y: number;
}

export interface Layout {
  readonly width: number;
  readonly height: number;
  readonly nodes: readonly Placed[];
  readonly edges: readonly { readonly relation: string; readonly from: Placed; readonly to: Placed }[];
}

/** Of a node, in units of the drawing. */
export const nodeSize = { width: 190, height: 44 } as const;
const gap = { x: 90, y: 16 } as const;
const margin = 16;

type Graph = EvidenceGraph;

/** The longest way to each node, which leads to the right; edges of a cycle count only as far as they are short enough. */
function columnsOf({ nodes, edges }: Graph): Map<string, number> {
  const column = new Map(nodes.map(({ id }) => [id, 0]));
  // Each round moves at least one node, and no way without a cycle is longer than there are nodes.
  for (let round = 0, moved = true; moved && round < nodes.length; round += 1) {
    moved = false;
    for (const { from, to } of edges) {
      const next = (column.get(from) ?? 0) + 1;
      if (next >= nodes.length || next <= (column.get(to) ?? 0)) continue;
      column.set(to, next);
      moved = true;
    }
  }
  return column;
}

/** Where the neighbours on the left stand, on average: nodes are put in that order, so that few edges cross. */
function centre(id: string, { edges }: Graph, row: ReadonlyMap<string, number>): number {
  const rows = edges.flatMap(({ from, to }) => (to === id ? (row.get(from) ?? []) : []));
  return rows.length === 0 ? Number.POSITIVE_INFINITY : rows.reduce((sum, one) => sum + one, 0) / rows.length;
}

function inColumns(graph: Graph): Graph['nodes'][] {
  const column = columnsOf(graph);
  const used = [...new Set(column.values())].toSorted((one, other) => one - other);
  return used.map((index) => graph.nodes.filter(({ id }) => column.get(id) === index));
}

/** Causes on the left, what came of them on the right. The same graph always has the same layout. */
export function layOut(graph: Graph): Layout {
  const columns = inColumns(graph);
  const row = new Map<string, number>();
  const placed = columns.flatMap((column, index) => {
    const ordered = column.toSorted((one, other) => {
      const [left, right] = [centre(one.id, graph, row), centre(other.id, graph, row)];
      return left === right ? 0 : left - right;
    });
    return ordered.map((node, position): Placed => {
      row.set(node.id, position);
      const x = margin + index * (nodeSize.width + gap.x);
      const y = margin + position * (nodeSize.height + gap.y);
      return { id: node.id, kind: node.kind, label: node.label, state: node.state, x, y };
    });
  });
  const at = new Map(placed.map((node) => [node.id, node]));
  const edges = graph.edges.flatMap(({ from, to, relation }) => {
    const [start, end] = [at.get(from), at.get(to)];
    return start === undefined || end === undefined ? [] : [{ relation, from: start, to: end }];
  });
  const right = Math.max(0, ...placed.map(({ x }) => x)) + nodeSize.width + margin;
  const bottom = Math.max(0, ...placed.map(({ y }) => y)) + nodeSize.height + margin;
  return { width: right, height: bottom, nodes: placed, edges };
}
