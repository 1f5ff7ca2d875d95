import type { Core } from '../core.ts';
import { type AlertIntake, createAlertIntake } from '../intake/alert-intake.ts';
import type { Workflows } from '../intake/workflows.ts';
import { createLimits } from '../mirrors/pagerduty/limits.ts';
import type { RestOptions } from '../mirrors/pagerduty/request.ts';
import { createAllowance } from '../pagerduty/allowance.ts';
import { createPageEvidence } from '../pagerduty/evidence.ts';
import { createReads } from '../pagerduty/reads.ts';
import type { PagerDutyPlace } from './mirror.ts';
import type { SlackSide } from './slack.ts';

export interface PagerDutyInbound {
  /** Of webhooks; empty: none can be verified. */
  readonly secrets: readonly string[];
  /** Null: no API key; nothing is read, and the newest event says how an incident stands. */
  readonly place: Pick<PagerDutyPlace, 'apiUrl' | 'token' | 'fromEmail'> | null;
}

const timeoutMs = 3_000;
/** A quarter of PagerDuty's limit for a key. */
const readsPerMinute = 240;
const readsAtOnce = 40;

function readsOf(core: Core, place: NonNullable<PagerDutyInbound['place']>) {
  const { store, redactor: redact, log, file } = core;
  const { apiUrl, token, fromEmail } = place;
  const rest: RestOptions = { apiUrl: apiUrl.replace(/\/$/, ''), token, fromEmail, timeoutMs, limits: createLimits(Date.now) };
  const reads = createReads({ rest, allowance: createAllowance(readsAtOnce, readsPerMinute, Date.now), log });
  const pagerDutyServiceOf = (name: string | null) => file.services.find((service) => service.name === name)?.pagerduty ?? null;
  return { reads, evidence: createPageEvidence({ reads, store, pagerDutyServiceOf, apiUrl: rest.apiUrl, redact }) };
}

/** Alerts from PagerDuty and Alertmanager → incidents. */
export function alertIntakeOn(core: Core, side: SlackSide, workflows: Workflows, { place }: PagerDutyInbound): AlertIntake {
  const { store, directory, log, file } = core;
  const { reads, evidence } = place === null ? { reads: null, evidence: null } : readsOf(core, place);
  const { chat, board } = side;
  return createAlertIntake({
    ...{ store, settings: file.alerts, services: file.services, directory, workflows },
    ...{ chat, board, reads, evidence, log },
  });
}
