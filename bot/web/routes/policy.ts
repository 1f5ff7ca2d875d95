import { z } from 'zod';
import { Problem } from '../../api/problem.ts';
import { PolicyAnswer } from '../../api/routes/policy.ts';
import { DecisionAnswer } from '../../api/routes/policy-decisions.ts';
import { page } from '../../api/shapes.ts';
import { Replay } from '../../policy/replay-answer.ts';
import type { Store } from '../../store/store.ts';
import { Cursor } from '../cursor.ts';
import { proofsOfDecisions } from '../decision-proofs.ts';
import type { Fields } from '../forms.ts';
import type { View } from '../layout.ts';
import type { Site } from '../site.ts';
import { policyView } from '../views/policy.ts';
import { replayView } from '../views/replay.ts';
import type { Visit } from '../visit.ts';

const Text = z.string().trim().max(100).catch('').default('');
const Query = z.object({
  incident: Text,
  plan: Text,
  question: Text,
  verdict: z.enum(['', 'allow', 'deny', 'needs_approval']).catch('').default(''),
  cursor: Cursor,
});

const dayMs = 86_400_000;
const dayOf = (at: Date) => at.toISOString().slice(0, 10);

/** Parts of a replay that one page waits for: each takes seconds. */
const mostParts = 3;

const ReplayForm = z.object({ bundle: z.base64().min(1), since: z.iso.date() });

async function replayed({ inside }: Visit, fields: Fields): Promise<View> {
  const form = ReplayForm.safeParse(fields).data;
  if (form === undefined) throw new Problem(400, 'invalid_form', 'A replay takes a bundle (a file) and a day, as 2026-01-31.');
  const since = `${form.since}T00:00:00.000Z`;
  const parts: Replay[] = [];
  for (let cursor: string | null | undefined; cursor !== null && parts.length < mostParts; ) {
    const body = { since, bundle: form.bundle, ...(cursor === undefined ? {} : { cursor }) };
    const part: Replay = await inside.post('/policy/replay', body, Replay);
    parts.push(part);
    cursor = part.next;
  }
  return replayView({ since: form.since, parts });
}

/** `now`: replays begin a week before, unless somebody says otherwise. */
export function policyPages(site: Site, store: Store, now: () => Date): void {
  site.fileForm(
    '/policy/replay',
    () => '/policy',
    (visit, fields) => replayed(visit, fields),
  );
  site.page('/policy', async ({ inside, viewer }, request) => {
    const query = Query.parse(request.query);
    const [policy, { items, next }] = await Promise.all([
      inside.get('/policy', PolicyAnswer),
      inside.get('/policy/decisions', page(DecisionAnswer), { ...query, limit: 50 }),
    ]);
    const since = dayOf(new Date(now().getTime() - 7 * dayMs));
    const proofs = await proofsOfDecisions(store, items, query);
    return policyView({ policy, decisions: items, next, query, proofs, token: viewer.token, since });
  });
}
