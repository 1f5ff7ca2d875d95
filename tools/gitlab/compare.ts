import { z } from 'zod';
import type { Order, Pair } from '../git/order.ts';
import type { Answers, OneRequest, SiteFacts } from '../operation.ts';
import { learned } from '../slots.ts';
import { projectApi } from './api.ts';

/** Asks how one commit of a project stands to another, where an earlier answer says that there are two. Throws SiteIncomplete. */
export function comparison(site: SiteFacts, repository: string, name: string, pair: (answers: Answers) => Pair | null): OneRequest[] {
  const api = projectApi(site, repository);
  const fill = (answers: Answers) => {
    const two = pair(answers);
    return two === null ? null : { ...two };
  };
  const one = (what: string, from: string, to: string): OneRequest => ({
    ...{ name: `${name}${what}`, when: 'where they differ', fill },
    command: api.get('/repository/compare', { from, to }),
  });
  return [one('Lacks', '<found>', '<merged>'), one('Adds', '<merged>', '<found>')];
}

/** How what was found stands to what was merged, by the commits that either has alone. Throws OutputMalformed. */
export function comparedBy(answers: Answers, name: string): Order {
  const none = (what: string) => learned(z.object({ commits: z.array(z.unknown()) }), answers, `${name}${what}`).commits.length === 0;
  if (none('Lacks')) return none('Adds') ? 'same' : 'newer';
  return none('Adds') ? 'older' : 'other';
}
