import { z } from 'zod';
import { parseJson } from '../json.ts';
import type { RightsQuestion } from '../system.ts';
import { boundary } from './boundary.ts';

const Answer = z.object({ items: z.array(z.object({ authorized_actions: z.array(z.string()).nullish() })).nullish() });

function question(kind: string): RightsQuestion {
  return {
    command: (site) => boundary(site, [kind, 'list'], ['-scope-id=global', ...(kind === 'workers' ? [] : ['-recursive=true'])]),
    parse: ({ stdout }) => {
      const actions = new Set((parseJson(Answer, stdout).items ?? []).flatMap(({ authorized_actions }) => authorized_actions ?? []));
      return actions.size === 0 ? [] : [`${[...actions].toSorted().join(', ')} ${kind}`];
    },
  };
}

/** Boundary says with each thing in a list what the caller may do with it; where there is none it says nothing. */
export const rights: readonly RightsQuestion[] = ['targets', 'sessions', 'roles', 'workers'].map(question);
