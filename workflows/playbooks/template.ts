import { type CelContext, type CelProblem, type Compiled, compile, type Run } from './cel.ts';

/** A value of a playbook, ready to be filled in. Undefined: something that it asks for is not there. */
export type Fill = (context: CelContext) => unknown;

/** `path`: in the value, from its root. */
export interface TemplateProblem extends CelProblem {
  readonly path: readonly (string | number)[];
}

const hole = /\{\{(.*?)\}\}/gs;

/** Characters of a text that is filled in. */
const longestText = 1_000;

/** How a text that is filled into another language must look. */
export type Guard = (text: string) => boolean;
export const anyText: Guard = () => true;
/** Names, numbers and versions: nothing that ends a string or a matcher of PromQL. */
export const plainWord: Guard = (text) => /^[A-Za-z0-9_.:/-]{1,253}$/.test(text);

function textOf(parts: readonly (string | Run)[], guard: Guard): Fill {
  return (context) => {
    const filled = parts.map((part) => {
      if (typeof part === 'string') return part;
      const value = part(context);
      return ['string', 'number', 'boolean'].includes(typeof value) && guard(String(value)) ? String(value) : undefined;
    });
    return filled.includes(undefined) ? undefined : filled.join('').slice(0, longestText);
  };
}

/** `{{ expression }}` alone is the expression's value, of its own type; within other text it becomes text. */
export function textTemplate(text: string, guard: Guard = anyText): { readonly fill: Fill; readonly problems: readonly CelProblem[] } {
  const found = [...text.matchAll(hole)].map((match) => {
    const [whole, inner = ''] = match;
    const lead = inner.length - inner.trimStart().length;
    return { start: match.index, end: match.index + whole.length, at: match.index + 2 + lead, compiled: compile(inner.trim(), 'any') };
  });
  const problems = found.flatMap(({ compiled, at }) =>
    compiled.kind === 'wrong' ? [{ message: compiled.message, at: at + compiled.at }] : [],
  );
  if (found.length === 0 && text.includes('{{'))
    return { fill: () => undefined, problems: [{ message: '{{ is not closed by }}', at: text.indexOf('{{') }] };
  const runOf = (compiled: Compiled): Run => (compiled.kind === 'compiled' ? compiled.run : () => undefined);
  const [only] = found;
  if (found.length === 1 && only !== undefined && only.start === 0 && only.end === text.length && guard === anyText)
    return { fill: runOf(only.compiled), problems };
  const parts = found.flatMap(({ start, compiled }, index) => [text.slice(found[index - 1]?.end ?? 0, start), runOf(compiled)]);
  return { fill: textOf([...parts, text.slice(found.at(-1)?.end ?? 0)], guard), problems };
}

/** The same for every text within a value. Undefined when any of them is. */
export function valueTemplate(
  value: unknown,
  path: readonly (string | number)[] = [],
): { readonly fill: Fill; readonly problems: readonly TemplateProblem[] } {
  if (typeof value === 'string') {
    const { fill, problems } = textTemplate(value);
    return { fill, problems: problems.map((problem) => ({ ...problem, path })) };
  }
  if (typeof value !== 'object' || value === null) return { fill: () => value, problems: [] };
  const parts = Object.entries(value).map(
    ([key, one]) => [key, valueTemplate(one, [...path, Array.isArray(value) ? Number(key) : key])] as const,
  );
  const problems = parts.flatMap(([, part]) => part.problems);
  const fill: Fill = (context) => {
    const filled = parts.map(([key, part]) => [key, part.fill(context)] as const);
    if (filled.some(([, one]) => one === undefined)) return undefined;
    return Array.isArray(value) ? filled.map(([, one]) => one) : Object.fromEntries(filled);
  };
  return { fill, problems };
}
