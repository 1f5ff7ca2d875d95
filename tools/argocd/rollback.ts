import { z } from 'zod';
import { Message } from '../message.ts';
import { write } from '../operation.ts';
import { ApplicationState } from './application.ts';
import { Application, argocd, argocdWriteTimeoutMs, Revision, waitSeconds } from './argocd.ts';
import { backTo, deployed, healthy, nothingBegun, settled, wholeApplication } from './checks.ts';
import { Proposed, unlessReplaced } from './merged.ts';
import { appStateOf, diffLine } from './reads.ts';

/** `revision` is what the deployment `toId` had: it is shown, and compared before anything is done. */
const Input = Application.extend({
  toId: z.int().nonnegative(),
  revision: Revision,
  /** What it takes the place of; where something else is deployed by then, that is left alone. */
  change: Proposed.optional(),
});

export const rollback = write({
  name: 'argocd.rollback',
  tier: 'medium',
  summary: 'Bring an earlier deployment of an application back',
  input: Input,
  output: Message,
  command: ({ application, toId, change }, site) => ({
    ...argocd(site, ['app', 'rollback', application, String(toId), '--prune=false', waitSeconds, '--output=json']),
    ...(change === undefined ? {} : { unless: unlessReplaced({ application, change }, site) }),
  }),
  dryRun: ({ application, revision }, site) => diffLine(application, revision, site),
  parse: () => ({ message: 'the operation has completed' }),
  timeoutMs: argocdWriteTimeoutMs,
  permissions: ['applications, get', 'applications, sync'],
  state: appStateOf,
  stateOutput: ApplicationState,
  preconditions: ({ toId, revision }, before) => [...settled(before), { pointer: `/history/${toId}`, op: 'eq', value: revision }],
  impact: wholeApplication,
  probe: ({ revision }, before) => deployed(revision, before),
  untouched: (_input, before) => nothingBegun(before),
  verification: (input, before) => [healthy(input, deployed(input.revision, before))],
  rollback: backTo,
});
