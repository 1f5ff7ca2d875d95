import { z } from 'zod';
import type { Expectation } from '../contract.ts';
import { parseJson } from '../json.ts';
import { Message } from '../message.ts';
import { type HttpCommand, read, write } from '../operation.ts';
import { grafanaApi, grafanaTimeoutMs, grafanaWrite, Uid } from './api.ts';

const RuleState = z.object({
  uid: z.string(),
  title: z.string(),
  folder: z.string(),
  group: z.string(),
  paused: z.boolean(),
  /** Who keeps it: empty, or `file`, `api` … where it is provisioned from outside of Grafana. */
  provenance: z.string(),
  /** Changes whenever somebody changes it. */
  updated: z.string(),
});
type RuleState = z.infer<typeof RuleState>;

/** `ProvisionedAlertRule`: other fields are put back as they are. */
const Answer = z.looseObject({
  uid: z.string(),
  title: z.string(),
  folderUID: z.string(),
  ruleGroup: z.string(),
  isPaused: z.boolean().default(false),
  provenance: z.string().default(''),
  updated: z.string(),
});

export const ruleState = read({
  name: 'grafana.alert_rule',
  summary: 'An alert rule: whether it is paused, and who keeps it',
  input: z.strictObject({ uid: Uid }),
  output: RuleState,
  command: ({ uid }) => grafanaApi(`v1/provisioning/alert-rules/${uid}`),
  parse: ({ stdout }): RuleState => {
    const { uid, title, folderUID, ruleGroup, isPaused, provenance, updated } = parseJson(Answer, stdout);
    return { uid, title, folder: folderUID, group: ruleGroup, paused: isPaused, provenance, updated };
  },
  timeoutMs: grafanaTimeoutMs,
  permissions: ['alert.provisioning:read'],
});

/** Stands for the rule until it is looked up: the API takes a whole rule only. */
const placeholder = 'THE-RULE-AS-IT-IS-BUT-FOR-THIS';

function setPaused(uid: string, paused: boolean): HttpCommand {
  const path = `v1/provisioning/alert-rules/${uid}`;
  return {
    ...grafanaWrite('PUT', path),
    // Else it would count as provisioned, and nobody could change it in Grafana any more.
    headers: { 'X-Disable-Provenance': 'true' },
    body: placeholder,
    bound: {
      placeholder,
      command: grafanaApi(path),
      value: ({ stdout }) => JSON.stringify({ ...parseJson(Answer, stdout), isPaused: paused }),
    },
  };
}

const is = (paused: boolean): Expectation => ({ pointer: '/paused', op: 'eq', value: paused });

export const setRulePaused = write({
  name: 'grafana.set_rule_paused',
  tier: 'medium',
  summary: 'Pause an alert rule, or let it be evaluated again',
  input: z.strictObject({ uid: Uid, paused: z.boolean() }),
  output: Message,
  command: ({ uid, paused }) => setPaused(uid, paused),
  noDryRunReason: 'the API of Grafana has no dry run',
  parse: ({ stdout }) => {
    const { title, isPaused } = parseJson(Answer, stdout);
    return { message: `${title}: ${isPaused ? 'paused' : 'evaluated'}`.slice(0, 1000) };
  },
  timeoutMs: grafanaTimeoutMs,
  permissions: ['alert.provisioning:write'],
  state: ({ uid }) => ({ operation: 'grafana.alert_rule', input: { uid } }),
  stateOutput: RuleState,
  // A rule that is kept elsewhere is paused there. One that is so already is left alone: the way back would undo somebody else's.
  preconditions: ({ paused }, { updated }) => [
    is(!paused),
    { pointer: '/provenance', op: 'eq', value: '' },
    { pointer: '/updated', op: 'eq', value: updated },
  ],
  impact: () => ({ targets: 1, replicas: 0, percent: 0 }),
  probe: ({ paused }) => [is(paused)],
  verification: ({ uid, paused }) => [
    {
      title: paused ? 'The rule is paused' : 'The rule is evaluated',
      operation: 'grafana.alert_rule',
      input: { uid },
      expect: [is(paused)],
      withinSeconds: 30,
      stableSeconds: 0,
    },
  ],
  rollback: ({ uid, paused }) => ({ operation: 'grafana.set_rule_paused', input: { uid, paused: !paused } }),
});
