import { z } from 'zod';
import { triedInVain } from '../../../blocks/tried.ts';
import { voteAnswer } from '../../../blocks/vote-answer.ts';
import type { BreakGlassSettings } from '../../../policy/contract/approvals.ts';
import { Sha256 } from '../../../tools/contract.ts';
import { Verdict } from '../../../workflows/contracts/plan.ts';
import { Problem } from '../../api/problem.ts';
import { Broken, Reviewed } from '../../api/routes/break-glass.ts';
import { VoteAnswer } from '../../api/routes/plans.ts';
import { PlanAnswer } from '../../api/shapes.ts';
import type { Directory } from '../../people.ts';
import { ExplainAnswer } from '../../policy/recorded.ts';
import type { VoteChoices } from '../../ports.ts';
import { plainText } from '../../slack/plain-text.ts';
import { lastAudit } from '../../store/audit-list.ts';
import { BreakGlassUse, breakGlassOf } from '../../store/break-glass.ts';
import type { Store } from '../../store/store.ts';
import type { Fields } from '../forms.ts';
import type { View } from '../layout.ts';
import type { Onward, PageRequest, Site } from '../site.ts';
import { needsReason, noReason, type Typed } from '../views/answers.ts';
import { approvalsView } from '../views/approvals.ts';
import { planView } from '../views/plan.ts';
import type { Visit } from '../visit.ts';
import { loginUrl } from '../way-back.ts';

export interface PlanPages {
  readonly store: Store;
  readonly choices: VoteChoices;
  readonly directory: Pick<Directory, 'byId'>;
  /** Null: off. */
  readonly breakGlass: BreakGlassSettings | null;
}

/** What break-glass demands of a sign-in (policy/break_glass.rego), less a little for the way. */
const freshMs = 270_000;

const pagePath = (id: string) => `/plans/${encodeURIComponent(id)}`;
const idOf = ({ params }: PageRequest) => params['id'] ?? '';

/** Entries of a plan's that are looked through: votes and decisions are few. */
const mostAudited = 500;

/** By what they record. */
async function proofsOf({ pool }: Store, planId: string): Promise<ReadonlyMap<string, string>> {
  const entries = await lastAudit(pool, { planId }, mostAudited);
  return new Map(
    entries.flatMap(({ body: { id, kind }, data }) =>
      [data['vote'], data['decision'], kind].flatMap((name) => (typeof name === 'string' ? [[name, id] as const] : [])),
    ),
  );
}

interface Said {
  readonly typed: Typed;
  readonly refused: Problem | null;
}

async function show(pages: PlanPages, visit: Visit, id: string, { typed, refused }: Said): Promise<View> {
  const { store, choices, directory, breakGlass } = pages;
  const { inside, person, session, viewer } = visit;
  // First: it says whether there is one, and whether it is for them.
  await inside.get(pagePath(id), PlanAnswer);
  const stored = await store.plans.get(id);
  const [answers, why, use, entries, proofs, similar] = await Promise.all([
    choices.choices({ kind: 'oidc', subject: session.subject }, id),
    inside.get('/policy/explain', ExplainAnswer, { plan: id }),
    stored.breakGlass === null ? null : breakGlassOf(store.pool, id),
    lastAudit(store.pool, { incidentId: stored.plan.incidentId }, 1),
    proofsOf(store, id),
    store.memories.similar(stored.plan.incidentId),
  ]);
  const view = planView({
    stored,
    answers,
    viewer: person,
    token: viewer.token,
    typed,
    refused,
    breakGlass,
    review: use?.review ?? null,
    why,
    tried: triedInVain(stored.plan, similar),
    nameOf: (each) => directory.byId(each)?.name ?? each,
    proofs,
    after: entries.at(-1)?.entry ?? 0,
  });
  return refused === null ? view : { ...view, status: refused.status };
}

const Ballot = z.object({ verdict: Verdict, requestHash: Sha256, reason: z.string().trim().max(2_000).default('') });
const Glass = z.object({ requestHash: Sha256, reason: z.string().trim().max(2_000), minutes: z.coerce.number() });
const Review = z.object({ verdict: z.enum(['justified', 'not_justified']), note: z.string().trim().max(2_000) });

function read<T>(form: z.ZodType<T>, fields: Fields): T {
  const read = form.safeParse(fields);
  if (read.success) return read.data;
  throw new Problem(400, 'invalid_form', 'This form is not as this page made it. Nothing was recorded. Load the page again.');
}

async function vote({ store }: PlanPages, { inside }: Visit, id: string, fields: Fields): Promise<Onward> {
  const { reason, ...ballot } = read(Ballot, fields);
  if (reason === '' && needsReason(ballot.verdict, await store.plans.get(id))) throw new Problem(400, noReason, 'Please give a reason.');
  const answer = await inside.post(`${pagePath(id)}/votes`, { ...ballot, ...(reason === '' ? {} : { reason }) }, VoteAnswer);
  return { to: pagePath(id), say: plainText(voteAnswer(answer).text) };
}

function isFresh({ session, now }: { session: Visit['session']; now: Date }): boolean {
  return session.signedInAt !== null && now.getTime() - Date.parse(session.signedInAt) < freshMs;
}

async function breakTheGlass(site: Site, { store, directory }: PlanPages, visit: Visit, id: string, fields: Fields): Promise<Onward> {
  const body = read(Glass, fields);
  if (!isFresh({ session: visit.session, now: store.now() })) {
    await site.options.sessions.keepDraft(visit.session.hash, { page: pagePath(id), fields: { ...fields } });
    return { to: loginUrl(`${pagePath(id)}#break-glass`, true) };
  }
  const { person, until } = await visit.inside.post(`${pagePath(id)}/break-glass`, body, Broken);
  const name = directory.byId(person)?.name ?? person;
  return {
    to: pagePath(id),
    say: `${name} runs the plan without its approvals, until ${until.slice(0, 16).replace('T', ' ')} UTC. Somebody else has to review that.`,
  };
}

/** A refusal is said on the page itself, with what was typed still in the form. */
async function orSaid(pages: PlanPages, visit: Visit, id: string, fields: Fields, act: () => Promise<Onward>): Promise<Onward | View> {
  try {
    return await act();
  } catch (error) {
    if (!(error instanceof Problem) || error.status === 404) throw error;
    return show(pages, visit, id, { typed: fields, refused: error });
  }
}

function actions(site: Site, pages: PlanPages): void {
  const page = (request: PageRequest) => pagePath(idOf(request));
  const form = (path: string, act: (visit: Visit, id: string, fields: Fields) => Promise<Onward>) =>
    site.form(`/plans/:id/${path}`, page, (visit, fields, request) =>
      orSaid(pages, visit, idOf(request), fields, () => act(visit, idOf(request), fields)),
    );
  form('votes', (visit, id, fields) => vote(pages, visit, id, fields));
  form('break-glass', (visit, id, fields) => breakTheGlass(site, pages, visit, id, fields));
  form('break-glass/review', async ({ inside }, id, fields) => {
    await inside.post(`${pagePath(id)}/break-glass/review`, read(Review, fields), Reviewed);
    return { to: pagePath(id), say: 'Your review is recorded.' };
  });
}

/** A plan, what whoever looks may answer, and what waits for them. */
export function planPages(site: Site, pages: PlanPages): void {
  const { store, choices, directory } = pages;
  site.page('/plans/:id', async (visit, request) => {
    const typed = await site.options.sessions.draft(visit.session, pagePath(idOf(request)));
    const view = await show(pages, visit, idOf(request), { typed: typed ?? {}, refused: null });
    return typed === null ? view : { ...view, notice: 'What you had typed is here again. Nothing was sent: look at it, and send it.' };
  });
  actions(site, pages);
  site.page('/approvals', async ({ inside, session }) => {
    const { items } = await inside.get('/approvals', z.object({ items: z.array(PlanAnswer) }));
    const stored = await Promise.all(items.map(({ id }) => store.plans.get(id)));
    const who = { kind: 'oidc', subject: session.subject } as const;
    const offered = await Promise.all(items.map(async ({ id }) => (await choices.choices(who, id)).length > 0));
    const { items: unreviewed } = await inside.get('/break-glass', z.object({ items: z.array(BreakGlassUse) }));
    return approvalsView({
      mine: stored.filter((_, index) => offered[index]),
      others: stored.filter((_, index) => !offered[index]),
      unreviewed,
      nameOf: (each) => directory.byId(each)?.name ?? each,
    });
  });
}
