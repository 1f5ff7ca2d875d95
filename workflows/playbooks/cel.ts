import { type ASTNode, Environment, EvaluationError, type ParseResult } from '@marcbachmann/cel-js';
import { scaledQuantity } from './quantities.ts';

/** Characters of one expression. */
export const longestExpression = 500;

/** Elements of a list, and keys of a map, that an expression sees. */
export const mostElements = 500;

/**
 * What expressions may call. Nothing here takes longer than its input is long: no regular expressions (`matches` can take forever), no text
 * that grows, no loop within a loop.
 */
const functions: ReadonlySet<string> = new Set(['has', 'size', 'int', 'double', 'string', 'scaled']);
const methods: ReadonlySet<string> = new Set([
  'startsWith',
  'endsWith',
  'contains',
  'size',
  'exists',
  'exists_one',
  'all',
  'filter',
  'map',
]);
const loops: ReadonlySet<string> = new Set(['exists', 'exists_one', 'all', 'filter', 'map']);

const environment = new Environment({
  limits: { maxAstNodes: 120, maxDepth: 16, maxListElements: 50, maxMapEntries: 20, maxCallArguments: 3 },
})
  .registerVariable('cause', 'string')
  .registerVariable('confidence', 'double')
  .registerVariable({ name: 'entity', schema: { site: 'string', kind: 'string', namespace: 'string', name: 'string' } })
  .registerVariable('facts', 'map<string, dyn>')
  .registerVariable('labels', 'map<string, string>')
  .registerVariable('service', 'string')
  .registerVariable('reads', 'map<string, dyn>')
  .registerFunction('scaled(string, double): string', (quantity: string, factor: number) => {
    const scaled = scaledQuantity(quantity, factor);
    if (scaled === null) throw new EvaluationError(`${quantity} is no quantity that can be scaled`);
    return scaled;
  });

/** What an expression sees; integers as bigint. */
export interface CelContext {
  readonly cause: string;
  readonly confidence: number;
  readonly entity: { readonly site: string; readonly kind: string; readonly namespace: string; readonly name: string };
  readonly facts: unknown;
  readonly labels: unknown;
  readonly service: string;
  readonly reads: unknown;
}

export type CelType = 'bool' | 'any';

/** What is wrong with an expression; `at`: the place in it, from 0. */
export interface CelProblem {
  readonly message: string;
  readonly at: number;
}

export type Compiled = { readonly kind: 'compiled'; readonly run: Run } | ({ readonly kind: 'wrong' } & CelProblem);

/** Undefined: it says nothing here, because something that it asks for is not there, or is of another type. */
export type Run = (context: CelContext) => unknown;

function isNode(value: unknown): value is ASTNode {
  return typeof value === 'object' && value !== null && 'op' in value && 'args' in value;
}

/** The first thing that is not allowed. Expressions are short, so this ends soon. */
function refused(value: unknown, loop: boolean): CelProblem | null {
  if (Array.isArray(value)) return value.reduce<CelProblem | null>((before, one) => before ?? refused(one, loop), null);
  if (!isNode(value)) return null;
  const { op, args, pos } = value;
  if (op === 'call' && !functions.has(args[0]))
    return { message: `${args[0]}() is not among the functions: ${[...functions].join(', ')}`, at: pos };
  if (op !== 'rcall') return refused(args, loop);
  const [name, on, given] = args;
  if (!methods.has(name)) return { message: `.${name}() is not among the methods: ${[...methods].join(', ')}`, at: pos };
  const loops_ = loops.has(name);
  if (loops_ && loop) return { message: `.${name}() stands within another loop`, at: pos };
  return refused(on, loop) ?? refused(given, loop || loops_);
}

function wordsOf(error: unknown): CelProblem {
  const { summary, range } = error as { readonly summary?: unknown; readonly range?: { readonly start: number } };
  return { message: typeof summary === 'string' ? summary : 'cannot be read', at: range?.start ?? 0 };
}

function runOf(parsed: ParseResult): Run {
  return (context) => {
    try {
      return plain(parsed({ ...context }));
    } catch {
      return undefined;
    }
  };
}

/** Bounds, then types. `bool`: a condition. */
export function compile(expression: string, type: CelType): Compiled {
  if (expression.length > longestExpression)
    return { kind: 'wrong', message: `is longer than ${longestExpression} characters`, at: longestExpression };
  try {
    const parsed = environment.parse(expression);
    const problem = refused(parsed.ast, false);
    if (problem !== null) return { kind: 'wrong', ...problem };
    const checked = parsed.check();
    if (!checked.valid) return { kind: 'wrong', ...wordsOf(checked.error) };
    if (type === 'bool' && checked.type !== 'bool')
      return { kind: 'wrong', message: `must be true or false, and is a ${checked.type}`, at: 0 };
    return { kind: 'compiled', run: runOf(parsed) };
  } catch (error) {
    return { kind: 'wrong', ...wordsOf(error) };
  }
}

/** As JSON has it. Undefined: more than JSON can say. */
function plain(value: unknown): unknown {
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : undefined;
  if (value === null || ['string', 'number', 'boolean'].includes(typeof value)) return value;
  if (Array.isArray(value)) return value.map(plain);
  if (value instanceof Map) return Object.fromEntries([...value].map(([key, one]) => [String(key), plain(one)]));
  if (typeof value === 'object' && [Object.prototype, null].includes(Object.getPrototypeOf(value)))
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, plain(one)]));
  return undefined;
}

/** As an expression sees it: integers are integers, objects have their own keys only, lists end. */
export function visible(value: unknown): unknown {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? BigInt(value) : value;
  if (Array.isArray(value)) return value.slice(0, mostElements).map(visible);
  if (typeof value !== 'object' || value === null) return value;
  return new Map(
    Object.entries(value)
      .slice(0, mostElements)
      .map(([key, one]) => [key, visible(one)]),
  );
}
