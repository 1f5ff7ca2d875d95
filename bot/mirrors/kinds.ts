/**
 * How a decision reaches a sink. `own`: at once, as a message of its own. `joined`: at once, in one message with what waits before it.
 * `line`: waits a few seconds for others, and becomes a line of a message. `quiet`: at once, for its effect, without words.
 */
export type Manner = 'own' | 'joined' | 'line' | 'quiet';

/** What PagerDuty does for a decision, beside the note. */
export type PagerDutyAction = 'status_update' | 'change_event' | 'acknowledge' | 'page';

/** What an agent session in Linear shows of a decision. */
export type AgentActivity = 'thought' | 'action' | 'elicitation' | 'response';

type Data = Readonly<Record<string, unknown>>;

interface KindRow {
  /** The sentence with which it begins. */
  readonly headline: string | ((data: Data) => string);
  /** Left out: the sink does not hear of it. */
  readonly linear?: Manner;
  readonly agent?: AgentActivity;
  readonly pagerduty?: Manner;
  readonly action?: PagerDutyAction;
}

const policyWords: Readonly<Record<string, string>> = {
  allow: 'Policy allows it',
  deny: 'Policy denies it',
  needs_approval: 'Policy demands approval',
};

/** Where decisions on a plan go. */
const decisive = { linear: 'own', agent: 'thought', pagerduty: 'joined', action: 'status_update' } as const;
/** Steps of the way: everybody sees them, nobody is disturbed by them. */
const line = { linear: 'line', pagerduty: 'line' } as const;

/**
 * Every kind of decision that is recorded, and where it is mirrored. `Decision.kind` is a key of this table: what is not in it does not
 * compile. A kind without any sink is audited only.
 */
export const kinds = {
  'incident.opened': { headline: 'Incident opened', linear: 'own', pagerduty: 'joined' },
  'incident.queued': { headline: 'Incident queued', ...line },
  'incident.investigating': { headline: 'Investigation started', ...line, agent: 'thought' },
  'incident.awaiting_approval': { headline: 'Waiting for approval', linear: 'quiet' },
  'incident.executing': { headline: 'Executing the approved plan', linear: 'quiet' },
  'incident.closed': { headline: 'Incident closed', ...decisive, agent: 'response' },
  'incident.reopened': { headline: 'Incident reopened', linear: 'own', agent: 'thought', pagerduty: 'joined' },
  'incident.looked_again': { headline: 'Looking again, because more alerts came in', ...line, agent: 'thought' },
  'incident.related': { headline: 'Another incident has the same cause', ...line, agent: 'thought' },
  'incident.thread_set': { headline: 'Discussed in Slack', linear: 'quiet' },
  'incident.cancel_requested': { headline: 'Cancellation requested', ...line, agent: 'thought' },
  'observation.stored': { headline: 'Observation stored' },
  'finding.saved': { headline: 'Finding', ...line, agent: 'thought' },
  'finding.feedback': { headline: 'Feedback on the findings' },
  'policy.decided': { headline: ({ verdict }: Data) => policyWords[String(verdict)] ?? 'Policy decided', ...line },
  'policy.read_denied': { headline: 'Policy denies a read' },
  'policy.denied': { headline: 'Policy denies it', ...line },
  'plan.pending': { headline: 'Plan stored' },
  'plan.proposed': { headline: 'Plan proposed', ...decisive, agent: 'elicitation' },
  'plan.approved': { headline: 'Plan approved', ...decisive },
  'plan.rejected': { headline: 'Plan rejected', ...decisive },
  'plan.changes_requested': { headline: 'Changes requested', ...decisive },
  'plan.expired': { headline: 'Approval request expired', ...decisive },
  'plan.superseded': { headline: 'Plan superseded by a newer one', ...decisive },
  'plan.cancelled': { headline: 'Plan cancelled', ...decisive },
  'plan.executing': { headline: 'Plan is being executed', linear: 'joined', pagerduty: 'line' },
  'plan.done': { headline: 'Plan executed and verified', linear: 'own', pagerduty: 'joined' },
  'plan.rolled_back': { headline: 'Plan rolled back', linear: 'own', pagerduty: 'joined' },
  'plan.stopped': { headline: 'Plan stopped before anything was changed', linear: 'own', pagerduty: 'joined' },
  'plan.failed': { headline: 'Plan failed', linear: 'own', pagerduty: 'joined' },
  'vote.recorded': { headline: 'Vote recorded', linear: 'own', agent: 'thought', pagerduty: 'line' },
  'vote.refused': { headline: 'Vote refused', ...line },
  'break_glass.used': { headline: 'Break-glass: the plan runs without its approvals', ...decisive },
  'break_glass.refused': { headline: 'Break-glass refused', linear: 'own', pagerduty: 'joined' },
  'break_glass.reviewed': { headline: 'Break-glass reviewed', linear: 'own', pagerduty: 'joined' },
  'grant.issued': { headline: 'Grant issued', ...line },
  'grant.claimed': { headline: 'Grant claimed', ...line },
  'grant.burnt': { headline: 'Grant withdrawn', ...line },
  'grant.refused': { headline: 'Grant refused', linear: 'own', pagerduty: 'joined' },
  'step.pending': { headline: 'Step waits' },
  'step.running': { headline: 'Step started', linear: 'joined', agent: 'action', pagerduty: 'line' },
  'step.done': { headline: 'Step done and verified', linear: 'joined', agent: 'action', pagerduty: 'line', action: 'change_event' },
  'step.failed': { headline: 'Step failed', linear: 'own', agent: 'action', pagerduty: 'joined', action: 'change_event' },
  'step.rolled_back': { headline: 'Step rolled back', linear: 'own', agent: 'action', pagerduty: 'joined', action: 'change_event' },
  'step.rollback_failed': {
    headline: 'Rollback of the step failed',
    linear: 'own',
    agent: 'action',
    pagerduty: 'joined',
    action: 'change_event',
  },
  'step.not_reversible': { headline: 'Step cannot be rolled back', linear: 'own', agent: 'action', pagerduty: 'joined' },
  'step.skipped': { headline: 'Step skipped', linear: 'joined', pagerduty: 'line' },
  'llm.prompt_read': { headline: 'Prompt of a language model read' },
  'person.engaged': { headline: 'Somebody takes care of it in Slack', ...line, action: 'acknowledge' },
  'person.paged': { headline: 'People are paged', ...line, action: 'page' },
  'person.refused': { headline: 'Person refused' },
  'person.signed_in': { headline: 'Person signed in' },
  'identity.link_offered': { headline: 'Account link offered' },
  'identity.linked': { headline: 'Account linked' },
  'identity.confirmed': { headline: 'Account link confirmed' },
  'identity.refused': { headline: 'Account link refused' },
  'identity.ended': { headline: 'Account link ended' },
  'service_token.created': { headline: 'Service token made' },
  'service_token.revoked': { headline: 'Service token revoked' },
  'pagerduty.triggered': { headline: 'Triggered in PagerDuty' },
  'pagerduty.acknowledged': { headline: 'Acknowledged in PagerDuty' },
  'pagerduty.unacknowledged': { headline: 'No longer acknowledged in PagerDuty' },
  'pagerduty.resolved': { headline: 'Resolved in PagerDuty' },
  'pagerduty.reopened': { headline: 'Reopened in PagerDuty' },
  'pagerduty.escalated': { headline: 'Escalated in PagerDuty' },
  'pagerduty.delegated': { headline: 'Delegated in PagerDuty' },
  'pagerduty.reassigned': { headline: 'Reassigned in PagerDuty' },
  'pagerduty.priority_updated': { headline: 'Priority changed in PagerDuty' },
  'pagerduty.service_updated': { headline: 'Moved to another service in PagerDuty' },
  'pagerduty.incident_type.changed': { headline: 'Type changed in PagerDuty' },
  'pagerduty.annotated': { headline: 'Note in PagerDuty' },
  'pagerduty.status_update_published': { headline: 'Status update in PagerDuty' },
  'pagerduty.responder.added': { headline: 'Responder asked for in PagerDuty' },
  'pagerduty.responder.replied': { headline: 'Responder answered in PagerDuty' },
  'pagerduty.custom_field_values.updated': { headline: 'Fields changed in PagerDuty' },
  'pagerduty.conference_bridge.updated': { headline: 'Conference bridge changed in PagerDuty' },
  'pagerduty.all_resolved': { headline: 'All pages resolved' },
  'alertmanager.firing': { headline: 'Alert fires' },
  'alertmanager.resolved': { headline: 'Alert resolved' },
  'alertmanager.all_resolved': { headline: 'All alerts resolved' },
  'memory.kept': { headline: 'Remembered, to be compared with' },
  'memory.retracted': { headline: 'What is remembered is marked as wrong', ...line },
  'playbooks.changed': { headline: 'The set of playbooks changed' },
  'audit.key_added': { headline: 'The audit log is signed by a new key' },
  'audit.delivery_doubted': { headline: 'A receiver is said to have a checkpoint that the log has not' },
  'audit.erased': { headline: 'Words erased from the audit log' },
  'tool.called': { headline: 'Somebody asked for a read' },
  'outbox.retried': { headline: 'Mirror message sent again' },
} as const satisfies Readonly<Record<string, KindRow>>;

export type Kind = keyof typeof kinds;

/** The row of a kind; undefined for one that an older or newer version recorded. */
export function kindRow(kind: string): KindRow | undefined {
  return Object.hasOwn(kinds, kind) ? kinds[kind as Kind] : undefined;
}
