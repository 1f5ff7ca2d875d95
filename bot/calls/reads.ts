import { randomUUID } from 'node:crypto';
import { contentHash } from '../../tools/canonical.ts';
import { noIncident, type ToolCall } from '../../tools/contract.ts';
import type { AnyOperation } from '../../tools/operation.ts';
import { judgeRead } from '../../workflows/activities/reads.ts';
import { decided } from '../../workflows/decided.ts';
import type { Core } from '../core.ts';
import type { CarryCall, ReadOutcome, ReadRequest, Reads } from '../ports.ts';
import { inTransaction } from '../store/pool.ts';

export interface ReadsDeps extends Pick<Core, 'pool' | 'store' | 'policy' | 'registry' | 'estate' | 'autonomy'> {
  readonly carry: CarryCall;
}

/** Milliseconds from now on within which a runner may start and finish it. */
const deadlineMs = 60_000;

type Refused = Extract<ReadOutcome, { kind: 'refused' }>;

function refused(code: Refused['code'], message: string, errors: Refused['errors'] = []): Refused {
  return { kind: 'refused', code, message, errors };
}

/** The allow-list, the tier, the site and the type of the input: what needs no policy to be refused. */
function known({ registry, estate }: ReadsDeps, { operation, site, input }: ReadRequest): AnyOperation | Refused {
  const found = registry.get(operation);
  if (found === undefined) return refused('unknown_operation', `There is no operation ${operation}: see GET /v1/tools.`);
  if (found.kind !== 'read')
    return refused('not_a_read', `${operation} changes things: it runs as a step of an approved plan, never by itself.`);
  if (!estate.sites.some(({ name }) => name === site)) return refused('unknown_site', `There is no site ${site} in watchkeeper.yaml.`);
  const parsed = found.input.safeParse(input);
  if (parsed.success) return found;
  const errors = parsed.error.issues.map(({ path, message }) => ({
    pointer: ['/input', ...path.map(String)].join('/'),
    detail: message,
  }));
  return refused('bad_input', `This is no input of ${operation}: see GET /v1/tools.`, errors);
}

/** Reads that a person or a program asks for by itself. Before anything runs, the decision of policy and the call are recorded. */
export function createReads(deps: ReadsDeps): Reads {
  const { pool, store, carry } = deps;
  return {
    async read(request) {
      const operation = known(deps, request);
      if (operation.kind === 'refused') return operation;
      const { incidentId, site, input, by } = request;
      if (incidentId !== null) await store.incidents.get(incidentId);
      const now = store.now();
      const judged = judgeRead(deps, { operation: operation.name, site, input }, now, request.reader);
      await store.decisions.record([decided(judged, { incidentId })]);
      if (judged.decision.verdict !== 'allow') return refused('denied', `Policy denies it: ${judged.decision.reasons.join('; ')}.`);
      const call: ToolCall = {
        version: 1,
        registry: deps.registry.hash,
        callId: randomUUID(),
        incidentId: incidentId ?? noIncident,
        site,
        operation: operation.name,
        input,
        mode: 'run',
        deadline: new Date(now.getTime() + deadlineMs).toISOString(),
      };
      const ids = { call: call.callId, operation: call.operation, site, inputSha256: contentHash(input) };
      await inTransaction(pool, (tx) => store.record(tx, { kind: 'tool.called', actor: by, incidentId, ids }));
      return { kind: 'answered', answer: await carry(call) };
    },
  };
}
