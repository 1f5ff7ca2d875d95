import { z } from 'zod';
import { readBundleArchive } from '../../../policy/archive.ts';
import { PolicyDecision, PolicyInput } from '../../../policy/contract.ts';
import type { PolicyBundle } from '../../../policy/decide.ts';
import { judge } from '../../../policy/judged.ts';
import { ExplainAnswer, explain } from '../../policy/recorded.ts';
import { BundleRefused } from '../../policy/refused.ts';
import { replay } from '../../policy/replay.ts';
import { Replay } from '../../policy/replay-answer.ts';
import { listDecisionsOfPlan } from '../../store/decisions.ts';
import type { ApiOptions, Routes } from '../context.ts';
import { oneAtATime } from '../one-at-a-time.ts';
import { Problem } from '../problem.ts';
import { Instant } from '../shapes.ts';
import { decisionRoutes } from './policy-decisions.ts';

/** Bytes of a body that carries a bundle: about 3 MiB of it. */
const replayBodyLimit = 4 * 1024 * 1024;

/** A plan with 100 steps that are each tried ten times stays below it. */
const mostDecisions = 1_000;

export const PolicyAnswer = z.object({
  /** Hash of the bundle that decides. */
  bundle: z.string(),
  /** `built in`, or the operator's directory or URL. */
  source: z.string(),
  loadedAt: z.string(),
  /** When the copy was kept that decides, because at the start there was nothing good at the source; null: it is from there. */
  keptAt: z.string().nullable(),
  /** Why what is at the source now does not decide; null: it does. */
  lastError: z.object({ at: z.string(), reason: z.string() }).nullable(),
});

const Base64 = z.base64().min(1);
const ReplayBody = z.strictObject({
  since: Instant,
  bundle: z.union([Base64.describe('What opa build -t wasm writes (tar.gz).'), z.strictObject({ wasm: Base64, data: Base64 })]),
  cursor: z.string().max(100).optional(),
});

function bundleOf(sent: z.infer<typeof ReplayBody>['bundle']): PolicyBundle {
  if (typeof sent !== 'string') return { wasm: Buffer.from(sent.wasm, 'base64'), data: Buffer.from(sent.data, 'base64') };
  try {
    return readBundleArchive(Buffer.from(sent, 'base64'));
  } catch (error) {
    throw new BundleRefused(error instanceof Error ? error.message : 'it is no archive', error);
  }
}

async function replaySent(store: ApiOptions['store'], { since, bundle, cursor }: z.infer<typeof ReplayBody>): Promise<Replay> {
  try {
    return await replay(store.reads.patient, { since: new Date(since), bundle: bundleOf(bundle), cursor: cursor ?? null });
  } catch (error) {
    if (error instanceof BundleRefused)
      throw new Problem(422, error.code, `This bundle cannot be tried: ${error.message}.`, { cause: error });
    throw error;
  }
}

function addLooking(v1: Routes, { store, policy }: ApiOptions): void {
  v1.get(
    '/policy',
    { config: { scope: 'read' }, schema: { summary: 'The policy that decides', response: { 200: PolicyAnswer } } },
    async () => policy.status(),
  );
  v1.get(
    '/policy/explain',
    {
      config: { scope: 'read' },
      schema: {
        summary: 'Why a plan was decided on as it was, rule by rule',
        querystring: z.object({ plan: z.string().min(1).max(100) }),
        response: { 200: ExplainAnswer },
      },
    },
    async (request) => {
      const { plan } = await store.plans.get(request.query.plan);
      const decisions = await listDecisionsOfPlan(store.reads.db, plan.incidentId, plan.id, mostDecisions);
      const items = decisions.map(explain).filter((item) => item !== null);
      return { plan: plan.id, items, unreadable: decisions.length - items.length };
    },
  );
}

export function policyRoutes(v1: Routes, options: ApiOptions): void {
  addLooking(v1, options);
  decisionRoutes(v1, options);
  v1.post(
    '/policy/evaluate',
    {
      config: { scope: 'read', idempotency: 'none' },
      schema: {
        summary: 'Ask the policy that decides; nothing is recorded',
        body: PolicyInput,
        response: { 200: z.object({ bundle: z.string(), decision: PolicyDecision }) },
      },
    },
    async (request) => judge(options.policy, request.body),
  );
  const once = oneAtATime('replay', (body: z.infer<typeof ReplayBody>) => replaySent(options.store, body));
  v1.post(
    '/policy/replay',
    {
      bodyLimit: replayBodyLimit,
      config: { scope: 'read', idempotency: 'none' },
      schema: {
        summary: 'What another policy would have decided otherwise; the one that decides stays',
        body: ReplayBody,
        response: { 200: Replay },
      },
    },
    (request) => once(request.body),
  );
}
