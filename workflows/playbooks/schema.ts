import { z } from 'zod';
import { Playbook } from './contract.ts';

/** JSON Schema (2020-12) of a playbook as a person writes it. Expressions and inputs are checked by `watchkeeper playbook validate` only. */
export function playbookSchema(): Record<string, unknown> {
  return {
    ...z.toJSONSchema(Playbook, { io: 'input' }),
    title: 'Playbook of Watchkeeper',
    description: 'When it applies, what to observe, what to conclude, and which plan to propose: docs/guides/playbooks.md.',
  };
}
