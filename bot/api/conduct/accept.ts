import { Problem } from '../problem.ts';

const json = 'application/json';

/** Media ranges of an Accept header, but for those with q=0. */
function rangesOf(accept: string): string[] {
  return accept.split(',').flatMap((part) => {
    const [range = '', ...parameters] = part.split(';').map((text) => text.trim().toLowerCase());
    return parameters.some((text) => /^q=0(?:\.0*)?$/.test(text)) ? [] : [range];
  });
}

function matches(range: string, type: string): boolean {
  return range === '*/*' || range === type || (range.endsWith('/*') && type.startsWith(range.slice(0, -1)));
}

/** Throws Problem 406 for a caller that takes nothing of what the route can answer (JSON, and what is named). */
export function requireAcceptable(accept: string | undefined, others: readonly string[] = []): void {
  if (accept === undefined || accept.trim() === '') return;
  const offered = [json, ...others];
  const ranges = rangesOf(accept);
  if (offered.some((type) => ranges.some((range) => matches(range, type)))) return;
  throw new Problem(406, 'not_acceptable', `The answer is ${offered.join(' or ')}, which your Accept header does not take.`);
}
