import { Graphviz } from '@hpcc-js/wasm-graphviz';
import { z } from 'zod';
import type { EvidenceEdge } from './model.ts';

export interface Sized {
  readonly id: string;
  readonly width: number;
  readonly height: number;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Pixels from the upper left corner. */
export interface Layout {
  readonly width: number;
  readonly height: number;
  /** Middle of each node. */
  readonly places: ReadonlyMap<string, Point>;
  /** Control points of a cubic spline, and where its arrow points; in the order of the edges, null where there is no line. */
  readonly lines: readonly ({ readonly spline: readonly Point[]; readonly tip: Point } | null)[];
}

export interface LayoutInput {
  /** From left to right, none of them empty. */
  readonly columns: readonly (readonly Sized[])[];
  readonly edges: readonly EvidenceEdge[];
  /** Between columns, and between the nodes of one, in pixels. */
  readonly gap: { readonly across: number; readonly down: number };
}

/** Graphviz counts 72 points to the inch; here a point is a pixel. */
const perInch = 72;

const Answer = z.object({
  bb: z.string(),
  objects: z.array(z.object({ name: z.string(), pos: z.string().optional() })).default([]),
  edges: z.array(z.object({ id: z.string().optional(), pos: z.string().optional() })).default([]),
});

function pointOf(pair: string): Point {
  const [x = 0, y = 0] = pair.split(',').map(Number);
  return { x, y };
}

/** Nodes and edges are named by their numbers: no text from outside gets into the source. */
function source({ columns, edges, gap }: LayoutInput, numbers: ReadonlyMap<string, number>): string {
  const node = ({ id, width, height }: Sized) => `n${numbers.get(id)} [width=${width / perInch} height=${height / perInch}];`;
  const column = (nodes: readonly Sized[]) => `{ rank=same; ${nodes.map(node).join(' ')} }`;
  const firsts = columns.flatMap(([first]) => (first === undefined ? [] : [`n${numbers.get(first.id)}`]));
  const columnOf = new Map(columns.flatMap((nodes, index) => nodes.map(({ id }) => [id, index] as const)));
  // What leads back must not turn the columns around.
  const free = ({ from, to }: EvidenceEdge) => ((columnOf.get(from) ?? 0) < (columnOf.get(to) ?? 0) ? '' : ' constraint=false');
  return [
    `digraph { rankdir=LR; ranksep=${gap.across / perInch}; nodesep=${gap.down / perInch}; node [shape=box fixedsize=true label=""];`,
    ...columns.map(column),
    firsts.length > 1 ? `${firsts.join(' -> ')} [style=invis weight=0];` : '',
    ...edges.map((edge, index) => `n${numbers.get(edge.from)} -> n${numbers.get(edge.to)} [id="e${index}"${free(edge)}];`),
    '}',
  ].join('\n');
}

function lineOf(pos: string): NonNullable<Layout['lines'][number]> | null {
  const parts = pos.split(' ');
  const tip = parts.find((part) => part.startsWith('e,'));
  const spline = parts.filter((part) => !/^[es],/.test(part)).map(pointOf);
  const end = tip === undefined ? spline.at(-1) : pointOf(tip.slice(2));
  return end === undefined ? null : { spline, tip: end };
}

/** Columns by Graphviz's `dot`, which orders each so that few lines cross. */
export async function layOut(input: LayoutInput): Promise<Layout> {
  const graphviz = await Graphviz.load();
  const numbers = new Map(input.columns.flat().map(({ id }, index) => [id, index]));
  const answer = Answer.parse(JSON.parse(graphviz.layout(source(input, numbers), 'json', 'dot', { yInvert: true })));
  const [, lower = 0, width = 0, upper = 0] = answer.bb.split(',').map(Number);
  const drawn = new Map(answer.edges.flatMap(({ id, pos }) => (id === undefined || pos === undefined ? [] : [[id, lineOf(pos)] as const])));
  const positions = new Map(answer.objects.flatMap(({ name, pos }) => (pos === undefined ? [] : [[name, pointOf(pos)] as const])));
  const places = [...numbers].flatMap(([id, number]) => {
    const place = positions.get(`n${number}`);
    return place === undefined ? [] : [[id, place] as const];
  });
  return {
    width,
    height: Math.max(lower, upper),
    places: new Map(places),
    lines: input.edges.map((_, index) => drawn.get(`e${index}`) ?? null),
  };
}
