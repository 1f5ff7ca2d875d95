import { RE2JS } from 're2js';
import type { Allowlist } from './load.ts';

export interface Candidate {
  readonly secret: string;
  readonly match: string;
  /** The whole lines that the match lies on. */
  line(): string;
}

export type Allowed = (candidate: Candidate) => boolean;

/** Whether a candidate is known not to be a secret. A list that also asks for a path never applies. */
export function createAllowed(list: Allowlist): Allowed {
  if (list.condition === 'AND' && list.paths.length > 0) return () => false;
  const regexes = list.regexes.map((regex) => RE2JS.compile(regex));
  const stopwords = list.stopwords.map((word) => word.toLowerCase());
  const targetOf = (candidate: Candidate): string => {
    if (list.regexTarget === 'line') return candidate.line();
    return list.regexTarget === 'match' ? candidate.match : candidate.secret;
  };
  const byRegex: Allowed = (candidate) => {
    if (regexes.length === 0) return false;
    const target = targetOf(candidate);
    return regexes.some((regex) => regex.test(target));
  };
  const byStopword: Allowed = (candidate) => {
    if (stopwords.length === 0) return false;
    const secret = candidate.secret.toLowerCase();
    return stopwords.some((word) => secret.includes(word));
  };
  if (list.condition === 'AND') {
    const checks = [regexes.length > 0 ? byRegex : null, stopwords.length > 0 ? byStopword : null].filter((check) => check !== null);
    return (candidate) => checks.length > 0 && checks.every((check) => check(candidate));
  }
  return (candidate) => byStopword(candidate) || byRegex(candidate);
}
