import { z } from 'zod';
import { OperationName, Sha256, SiteName, type ToolAnswer, ToolErrorCode } from '../../../tools/contract.ts';
import type { ReadOutcome } from '../../ports.ts';
import type { Store } from '../../store/store.ts';
import { type ApiOptions, principalOf, type Routes } from '../context.ts';
import { requireWithin } from '../limits.ts';
import { actorOf, type Principal } from '../principal.ts';
import { Problem } from '../problem.ts';

const Body = z.strictObject({
  site: SiteName,
  operation: OperationName,
  input: z.record(z.string(), z.unknown()).default({}).describe('As GET /v1/tools says.'),
  incident: z.string().min(1).max(100).optional().describe('Incident to whose evidence the observation belongs.'),
});

const answered = { callId: z.string(), observation: Sha256.describe('Where the whole of it is: GET /v1/observations/{id}.') };
const Answer = z.discriminatedUnion('status', [
  z.object({ status: z.literal('ok'), ...answered, output: z.unknown().describe('Typed by the operation, redacted.') }),
  z.object({ status: z.literal('error'), ...answered, code: ToolErrorCode, message: z.string() }),
]);

const statuses: Readonly<Record<Extract<ReadOutcome, { kind: 'refused' }>['code'], number>> = {
  unknown_operation: 422,
  unknown_site: 422,
  bad_input: 422,
  not_a_read: 403,
  denied: 403,
};

function readerOf(principal: Principal) {
  if (principal.kind === 'person') return { person: principal.id, roles: principal.roles, serviceToken: false };
  return { person: null, roles: [], serviceToken: true };
}

/** An answer without an observation is none: nothing was seen. Throws Problem 503. */
async function withOutput(store: Store, answer: ToolAnswer): Promise<z.infer<typeof Answer>> {
  const { callId } = answer;
  if (answer.status === 'ok') {
    const output = answer.output ?? (await store.observations.get(answer.observation)).output;
    return { status: 'ok', callId, observation: answer.observation, output };
  }
  const { observation, code, message } = answer;
  if (observation !== null) return { status: 'error', callId, observation, code, message };
  throw new Problem(503, code, `The runner did not carry this out: ${message}.`, {
    headers: { 'retry-after': '5' },
    nothingDone: true,
  });
}

export function toolCallRoutes(v1: Routes, { store, reads }: ApiOptions): void {
  v1.post(
    '/tools/call',
    {
      config: { scope: 'tools:call' },
      schema: {
        summary: 'Run an operation of tier read at a site; policy is asked, and the observation is stored',
        body: Body,
        response: { 200: Answer },
      },
    },
    async (request) => {
      const principal = principalOf(request);
      const { site, operation, input, incident } = request.body;
      requireWithin(principal, { site, operation });
      // What is read becomes evidence there: a token says nothing in the incident of a site that is not its own.
      if (incident !== undefined) requireWithin(principal, { site: (await store.incidents.get(incident)).site });
      const by = { by: actorOf(principal), reader: readerOf(principal) };
      const outcome = await reads.read({ ...by, incidentId: incident ?? null, site, operation, input });
      if (outcome.kind === 'answered') return withOutput(store, outcome.answer);
      const { code, message, errors } = outcome;
      throw new Problem(statuses[code], code, message, errors.length === 0 ? {} : { errors });
    },
  );
}
