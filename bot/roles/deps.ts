import { signGrant } from '../../tools/grant.ts';
import type { Deps } from '../../workflows/activities/deps.ts';
import type { Model } from '../../workflows/model.ts';
import type { PlaybookSet } from '../../workflows/playbooks/compiled.ts';
import type { Estate } from '../../workflows/ports.ts';
import type { Core } from '../core.ts';
import type { SigningKey } from '../keys.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import { attended } from './attended.ts';
import type { OwnCalls } from './own-calls.ts';
import type { SlackSide } from './slack.ts';

/** Alerts of an incident whose labels playbooks see. */
const mostAlerts = 50;

/** Nothing of PagerDuty is asked for that nobody could read. */
function withoutPages(estate: Estate): Estate {
  return { ...estate, services: estate.services.map(({ pagerduty: _, ...service }) => service) };
}

/** What the worker's activities are built on. */
export function workerDeps(
  core: Core,
  { chat, membership }: Pick<SlackSide, 'chat' | 'membership'>,
  key: SigningKey,
  model: Model,
  metrics: Metrics,
  playbooks: () => PlaybookSet,
  { callOwn, knows }: OwnCalls,
): Deps {
  const { store, pages, registry, policy, estate, autonomy, directory, redactor, log } = core;
  return {
    incidents: store.incidents,
    looks: store.looks,
    observations: store.observations,
    findings: store.findings,
    memories: store.memories,
    plans: store.plans,
    decisions: store.decisions,
    chat,
    pages,
    registry,
    policy,
    model,
    estate: knows ? estate : withoutPages(estate),
    standing: (person) => directory.current(person),
    membership,
    autonomy,
    playbooks,
    alertLabels: async (incidentId) => (await store.alerts.foremost(incidentId, mostAlerts)).map(({ labels }) => labels),
    callOwn,
    attended,
    counted: { dropped: (reason) => metrics.llmDropped.inc({ reason }) },
    redactionVersion: redactor.version,
    signGrant: (claims) => signGrant(claims, key.privateKey, key.kid),
    now: () => new Date(),
    log,
  };
}
