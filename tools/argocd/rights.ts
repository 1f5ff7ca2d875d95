import { OutputMalformed } from '../errors.ts';
import type { RightsQuestion } from '../system.ts';
import { argocd } from './argocd.ts';

const asked = [
  'get applications',
  'sync applications',
  'update applications',
  'delete applications',
  'get logs',
  'get projects',
  'get clusters',
] as const;

function question(right: (typeof asked)[number]): RightsQuestion {
  return {
    // The server that the program itself is in core mode knows no accounts, and says yes to everything.
    command: (site) => (site.argocd?.transport === 'core' ? null : argocd(site, ['account', 'can-i', ...right.split(' '), '*'])),
    parse: ({ stdout }) => {
      const answer = stdout.trim();
      if (answer !== 'yes' && answer !== 'no') throw new OutputMalformed('argocd account can-i said neither yes nor no');
      return answer === 'yes' ? [right] : [];
    },
  };
}

/** What an account may do with everything: `argocd account can-i`. */
export const rights: readonly RightsQuestion[] = asked.map(question);
