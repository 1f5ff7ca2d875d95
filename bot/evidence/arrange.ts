import { type Box, boxOf, drawBox } from './box.ts';
import { type Layout, layOut } from './layout.ts';
import { drawLine } from './line.ts';
import type { EvidenceEdge, EvidenceGraph, EvidenceNode, NodeKind } from './model.ts';
import type { Theme } from './theme.ts';

/** Pixels. */
export interface Room {
  readonly width: number;
  /** Of a box, where few columns would make it wider. */
  readonly widest: number;
}

const gap = { across: 34, down: 12 } as const;

/** From what was seen, over what it comes to, to what was done and how that turned out. */
const shares = [1.15, 1.1, 0.9, 0.9] as const;
const columnOfKind: Readonly<Record<NodeKind, number>> = {
  memory: 0,
  change: 0,
  observation: 0,
  finding: 1,
  step: 2,
  alert: 2,
  verification: 3,
};

/** What a step brought about was seen after it. */
function columnOf({ id, kind }: EvidenceNode, edges: readonly EvidenceEdge[]): number {
  const isOutput = kind === 'observation' && edges.some(({ to }) => to === id) && !edges.some(({ from }) => from === id);
  return isOutput ? columnOfKind.verification : columnOfKind[kind];
}

function columns({ nodes, edges }: EvidenceGraph, { width, widest }: Room): readonly (readonly Box[])[] {
  const byColumn = Map.groupBy(nodes, (node) => columnOf(node, edges));
  const present = shares.flatMap((share, index) => {
    const shown = byColumn.get(index);
    return shown === undefined ? [] : [{ share, shown }];
  });
  const whole = present.reduce((sum, { share }) => sum + share, 0);
  const free = width - (present.length - 1) * gap.across;
  return present.map(({ share, shown }) => shown.map((node) => boxOf(node, edges, Math.min(widest, (free * share) / whole))));
}

/** A graph whose boxes and lines have their places. */
export interface Arranged {
  readonly width: number;
  readonly height: number;
  readonly boxes: readonly Box[];
  readonly edges: readonly EvidenceEdge[];
  readonly layout: Layout;
}

/** Every node and edge of it: what is not to be drawn is left out before. */
export async function arrange(graph: EvidenceGraph, room: Room): Promise<Arranged> {
  const boxes = columns(graph, room);
  const layout = await layOut({ columns: boxes, edges: graph.edges, gap });
  return { width: layout.width, height: layout.height, boxes: boxes.flat(), edges: graph.edges, layout };
}

/** The lines as SVG; those that have no place are left out. */
export function linesOf({ edges, layout }: Arranged, theme: Theme): readonly { readonly edge: EvidenceEdge; readonly svg: string }[] {
  return layout.lines.flatMap((line, index) => {
    const edge = edges[index];
    return line === null || edge === undefined ? [] : [{ edge, svg: drawLine(line, edge.relation, theme) }];
  });
}

/** The boxes as SVG. */
export function boxesOf({ boxes, layout }: Arranged, theme: Theme): readonly { readonly box: Box; readonly svg: string }[] {
  return boxes.flatMap((box) => {
    const place = layout.places.get(box.id);
    return place === undefined ? [] : [{ box, svg: drawBox(box, place, theme) }];
  });
}
