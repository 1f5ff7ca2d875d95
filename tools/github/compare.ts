import { z } from 'zod';
import type { Order, Pair } from '../git/order.ts';
import type { Answers, OneRequest, SiteFacts } from '../operation.ts';
import { learned, slot } from '../slots.ts';
import { rest } from './gh.ts';

const orders: Readonly<Record<string, Order>> = { identical: 'same', ahead: 'newer', behind: 'older' };

/** Asks how one commit of a repository stands to another, where an earlier answer says that there are two. Throws SiteIncomplete. */
export function comparison(site: SiteFacts, repository: string, name: string, pair: (answers: Answers) => Pair | null): OneRequest[] {
  const fill = (answers: Answers) => {
    const two = pair(answers);
    return two === null ? null : { range: `${two.merged}...${two.found}` };
  };
  return [{ name, when: 'where they differ', command: rest(site, repository, `/compare/${slot('range')}`, { per_page: '1' }), fill }];
}

/** How what was found stands to what was merged. Throws OutputMalformed. */
export function comparedBy(answers: Answers, name: string): Order {
  return orders[learned(z.object({ status: z.string() }), answers, name).status] ?? 'other';
}
