import { z } from 'zod';
import { PolicyAnswer } from '../../api/routes/policy.ts';
import { DecisionAnswer } from '../../api/routes/policy-decisions.ts';
import { page } from '../../api/shapes.ts';
import { Cursor } from '../cursor.ts';
import type { Site } from '../site.ts';
import { policyView } from '../views/policy.ts';

const Text = z.string().trim().max(100).catch('').default('');
const Query = z.object({
  incident: Text,
  plan: Text,
  question: Text,
  verdict: z.enum(['', 'allow', 'deny', 'needs_approval']).catch('').default(''),
  cursor: Cursor,
});

export function policyPage(site: Site): void {
  site.page('/policy', async ({ inside }, request) => {
    const query = Query.parse(request.query);
    const [policy, { items, next }] = await Promise.all([
      inside.get('/policy', PolicyAnswer),
      inside.get('/policy/decisions', page(DecisionAnswer), { ...query, limit: 50 }),
    ]);
    return policyView({ policy, decisions: items, next, query });
  });
}
