import { z } from 'zod';
import { Message } from '../message.ts';
import { write } from '../operation.ts';
import { ApplicationState } from './application.ts';
import { Application, argocd, argocdWriteTimeoutMs, Revision, waitSeconds } from './argocd.ts';
import { backTo, deployed, healthy, nothingBegun, settled, wholeApplication } from './checks.ts';
import { appStateOf, diffLine } from './reads.ts';

const Input = Application.extend({ revision: Revision, /** Also delete what Git has no more. */ prune: z.boolean().default(false) });

export const sync = write({
  name: 'argocd.sync',
  tier: 'medium',
  summary: 'Deploy one revision of Git to an application, and wait until it is applied',
  input: Input,
  output: Message,
  command: ({ application, revision, prune }, site) =>
    argocd(site, ['app', 'sync', application, `--revision=${revision}`, `--prune=${prune}`, waitSeconds, '--output=json']),
  // `argocd app sync --dry-run` is an operation of the application, which others see; a diff is none.
  dryRun: ({ application, revision }, site) => diffLine(application, revision, site),
  parse: () => ({ message: 'the operation has completed' }),
  timeoutMs: argocdWriteTimeoutMs,
  permissions: ['applications, get', 'applications, sync'],
  state: appStateOf,
  stateOutput: ApplicationState,
  preconditions: (_input, before) => settled(before),
  impact: wholeApplication,
  probe: ({ revision }, before) => deployed(revision, before),
  untouched: (_input, before) => nothingBegun(before),
  verification: (input, before) => [healthy(input, deployed(input.revision, before))],
  rollback: backTo,
});
