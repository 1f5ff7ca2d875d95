import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { contentHash } from '../../tools/canonical.ts';
import { createTestLog, say, type TestLog } from '../audit/testing.ts';
import { bundleWithNote } from '../policy/testing.ts';
import { archiveOf } from '../policy/testing-server.ts';
import { alice, decisionOf, findingOf, newIncident, observationOf, planOf } from '../store/fixtures.ts';
import { insertLlmCall } from '../store/llm-calls.ts';
import { createLlmPrompts } from '../store/llm-prompts.ts';
import { inTransaction } from '../store/pool.ts';
import { pagePolicy } from './layout.ts';
import { cookieOf, type Hand, people, startTestPages, type TestPages } from './testing.ts';

const minuteMs = 60_000;
const nasty = `"'><script>alert(1)</script>'; DROP TABLE incidents; --\u202e[redacted:password:0123abcd]`;

let pages: TestPages;
let log: TestLog;
let ann: Hand;
beforeAll(async () => {
  pages = await startTestPages(people);
  log = await createTestLog(pages.api.db.pool);
  ann = pages.hand('ann');
  await ann.open('/');
});
afterEach(() => {
  pages.ahead = 0;
});
afterAll(() => pages.close());

const incident = async (change = {}) => (await pages.api.store.incidents.open(newIncident(change), alice)).incident.id;
/** With every part of a page that has one of them. */
async function wholeIncident(words: string): Promise<{ id: string; observation: string; planId: string }> {
  const { store } = pages.api;
  const id = await incident({ title: words.slice(0, 200), text: words, service: words.slice(0, 100) });
  const observation = await store.observations.put(observationOf(id, { stdout: words, input: { name: words } }));
  await store.findings.save(id, [
    findingOf(observation, {
      title: words.slice(0, 200),
      mechanism: words,
      edges: [{ observation, relation: 'supports', excerpt: words }],
    }),
  ]);
  const approval = { needed: 2, roles: ['approver'], excludeRequester: true, groups: [] };
  const plan = planOf(id, observation, { goal: words.slice(0, 500), reasons: [words], approval });
  await store.plans.save(plan, contentHash(plan), decisionOf(plan));
  return { id, observation, planId: plan.id };
}

test('an incident shows what happened in similar ones, as words, and a person marks one of them as wrong', async () => {
  const { store } = pages.api;
  const { id: past } = await wholeIncident('zebra one');
  const causes = ['image_pull_failure'];
  const at = new Date().toISOString();
  const words = { title: nasty.slice(0, 200), cause: nasty, fix: nasty };
  const place = { service: 'checkout', site: 'shop', entities: [], operations: ['kubernetes.scale'] };
  await store.memories.remember({ incidentId: past, causes, outcome: 'rolled_back', at, ...words, ...place });
  const { id } = await wholeIncident('zebra two');
  const path = `/incidents/${id}`;
  const before = (await ann.open(path)).text;
  expect(before).toContain('it did not help, and was undone');
  expect(before).toContain('it proves nothing here');
  expect(before).not.toContain('<script>alert');
  expect((await pages.hand('vic').open(path)).text).not.toContain('Show it no more');
  await ann.send(`${path}/memories/${past}/retract`, path, { reason: 'it was something else' });
  expect((await ann.open(path)).text).not.toContain('it did not help, and was undone');
  expect(await store.memories.list(10, null)).toMatchObject([{ incidentId: past, retracted: { by: 'ann' } }]);
});

test('what people and systems said is text on every page, with what cannot be seen written out', async () => {
  const { id, observation, planId } = await wholeIncident(nasty);
  for (const path of [
    '/',
    `/incidents/${id}`,
    `/incidents/${id}/postmortem`,
    `/plans/${planId}`,
    `/observations/${observation}`,
    '/approvals',
    `/audit?incident=${id}`,
  ]) {
    const { status, text, headers } = await ann.open(path);
    expect([path, status]).toEqual([path, 200]);
    expect(headers.get('content-security-policy')).toBe(pagePolicy);
    expect(text).not.toContain('<script>');
    expect(text).toContain('&lt;script&gt;alert(1)');
    expect(text).not.toContain('\u202e');
    expect(text).toContain('\\u{202e}<mark');
  }
});

test.each([
  ['/?state=', '&service=', '&text=', '&cursor='],
  ['/audit?actor=', '&kind=', '&incident=', '&plan=', '&operation=', '&verdict=', '&before='],
  ['/policy?incident=', '&plan=', '&question=', '&verdict=', '&cursor='],
  ['/tools?text=', '&system=', '&kind='],
  ['/outbox?state=', '&sink=', '&incident=', '&cursor='],
])('filters of %s take SQL and HTML for words', async (...parts) => {
  const { status, text } = await ann.open(parts.map((part) => `${part}${encodeURIComponent(nasty)}`).join(''));
  expect(status).toBe(200);
  expect(text).not.toContain('<script>alert');
});

test.each([
  ['/audit?from=yesterday', 400, 'A time has to look like'],
  ['/audit/entries/999999999', 404, 'The log has no entry 999999999.'],
  ['/audit/entries/by-id/nothing', 404, 'The log has no entry nothing.'],
  [`/observations/${'0'.repeat(64)}`, 404, 'There is no observation'],
  ['/observations/short', 400, 'is not as it must be'],
  ['/incidents/nothing', 404, 'There is no incident nothing.'],
  ['/plans/nothing', 404, 'There is no plan nothing.'],
])('%s is %i, in words, with the number of the request', async (path, status, words) => {
  const seen = await ann.open(path);
  expect(seen.status).toBe(status);
  expect(seen.text).toContain(words);
  if (status !== 400 || words.startsWith('is')) expect(seen.text).toContain(`<code>${seen.headers.get('x-request-id')}</code>`);
});

test('a browser that goes nowhere gets a page, a program a problem document', async () => {
  const get = (accept: string) => fetch(new URL('/nowhere', pages.url), { headers: { accept } });
  expect(await (await get('text/html')).text()).toContain('No page has this address.');
  expect((await get('application/json')).headers.get('content-type')).toContain('application/problem+json');
});

test('incidents are filtered and paged: none twice, none left out', async () => {
  const ids = await Promise.all(Array.from({ length: 120 }, (_, index) => incident({ title: `paged ${index}` })));
  const seen: string[] = [];
  for (let next: string | undefined = '/?text=PAGED'; next !== undefined; ) {
    const { text } = await ann.open(next);
    seen.push(...[...text.matchAll(/href="\/incidents\/([^"]+)">paged/g)].map(([, id = '']) => id));
    next = /href="([^"]+)" rel="next"/.exec(text)?.[1]?.replaceAll('&amp;', '&');
  }
  expect(seen.toSorted()).toEqual(ids.toSorted());
});

test('one person’s vote counts once from two browsers at once, and by way of the web', async () => {
  const { planId } = await wholeIncident('twice');
  const other = pages.hand('ann');
  await other.open('/');
  const { requestHash } = await pages.api.store.plans.get(planId);
  const fields = { form: 'vote', verdict: 'approve', requestHash, reason: 'fine' };
  const answers = await Promise.all([ann, other].map((hand) => hand.send(`/plans/${planId}/votes`, `/plans/${planId}`, fields)));
  expect(answers.map(({ status }) => status)).toEqual([303, 303]);
  const said = await Promise.all(
    [ann, other].map(async (hand) => /role="status">([^<]*)/.exec((await hand.open(`/plans/${planId}`)).text)?.[1]),
  );
  expect(said.toSorted()).toEqual([
    'You said so already: your vote counts once.',
    'Your vote is recorded: 1 of 2 approvals. Nothing runs yet.',
  ]);
  const { votes } = await pages.api.store.plans.get(planId);
  expect(votes.map(({ person, channel, reason }) => [person, channel, reason])).toEqual([['ann', 'web', 'fine']]);
});

test('an answer to another plan than was shown, or without the reason that it takes, is refused on the page, and nothing typed is lost', async () => {
  const { planId } = await wholeIncident('refused');
  const { requestHash } = await pages.api.store.plans.get(planId);
  const cases = [
    [{ verdict: 'approve', requestHash: 'a'.repeat(64), reason: 'typed <b>' }, 409, 'This is not the plan that is up for approval.'],
    [{ verdict: 'reject', requestHash, reason: ' ' }, 400, 'Please give a reason.'],
    [{ verdict: 'whatever', requestHash, reason: 'typed <b>' }, 400, 'This form is not as this page made it.'],
  ] as const;
  for (const [fields, status, words] of cases) {
    const answer = await ann.send(`/plans/${planId}/votes`, `/plans/${planId}`, { form: 'vote', ...fields });
    const text = await answer.text();
    expect([answer.status, text.includes(words)]).toEqual([status, true]);
    if (fields.reason !== ' ') expect(text).toContain('typed &lt;b&gt;</textarea>');
  }
  expect((await pages.api.store.plans.get(planId)).votes).toEqual([]);
});

test('an incident says first what waits, and for whom; an answer has its proof', async () => {
  const { id, planId } = await wholeIncident('proved');
  const vic = pages.hand('vic');
  expect((await ann.open(`/incidents/${id}`)).text).toMatch(/Waits for your answer:<\/strong> <a href="\/plans\/[^"]+#answer">proved/);
  const { text: theirs } = await vic.open(`/incidents/${id}`);
  expect(theirs).toContain('Waits for the answer of others');
  const [, finding = ''] = /<strong>Found:<\/strong> <a href="#(finding-[^"]+)">/.exec(theirs) ?? [];
  expect(theirs.indexOf('<strong>Found:')).toBeLessThan(theirs.indexOf('id="evidence"'));
  expect(theirs).toContain(`id="${finding}"`);
  const { requestHash } = await pages.api.store.plans.get(planId);
  await ann.send(`/plans/${planId}/votes`, `/plans/${planId}`, { form: 'vote', verdict: 'approve', requestHash });
  expect((await ann.open(`/incidents/${id}`)).text).toContain('Waits for the answer of others');
  const { text } = await ann.open(`/plans/${planId}`);
  const [, entry = ''] = /href="(\/audit\/entries\/by-id\/[^"]+)" aria-label="Proof of the answer of Ann/.exec(text) ?? [];
  expect((await ann.open(entry)).text.includes('<code>vote.recorded</code>')).toBe(true);
});

test('who may not vote gets no form, and is refused in the words of the vote path', async () => {
  const { planId } = await wholeIncident('viewer');
  const vic = pages.hand('vic');
  const { text } = await vic.open(`/plans/${planId}`);
  expect(text).toContain('You cannot answer this one.');
  expect(text).not.toContain('name="verdict"');
  const { requestHash } = await pages.api.store.plans.get(planId);
  const answer = await vic.send(`/plans/${planId}/votes`, '/me', { form: 'vote', verdict: 'approve', requestHash });
  expect([answer.status, (await answer.text()).includes('You cannot answer this: ')]).toEqual([403, true]);
});

test('a session that ends while somebody types costs nothing: they come back, and it is still there', async () => {
  const { planId } = await wholeIncident('expired');
  const { requestHash } = await pages.api.store.plans.get(planId);
  const ben = pages.hand('ben');
  const { text: form } = await ben.open(`/plans/${planId}`);
  const token = /name="token" value="([^"]+)"/.exec(form)?.[1] ?? '';
  pages.ahead = 31 * minuteMs;
  const typed = 'I looked at <this> for long';
  const fields = { token, form: 'vote', verdict: 'reject', requestHash, reason: typed };
  const answer = await ben.send(`/plans/${planId}/votes`, '/login', fields);
  expect(answer.headers.get('location')).toBe(`/login?to=${encodeURIComponent(`/plans/${planId}`)}`);
  const stored = await pages.api.db.force('SELECT draft FROM web_sessions WHERE draft IS NOT NULL');
  expect(JSON.stringify(stored.rows)).not.toContain('looked');
  const back = await ben.open(answer.headers.get('location') ?? '');
  expect(new URL(back.url).pathname).toBe(`/plans/${planId}`);
  expect(back.text).toContain('I looked at &lt;this&gt; for long</textarea>');
  expect((await pages.api.store.plans.get(planId)).votes).toEqual([]);
});

test('break-glass asks for a fresh sign-in, keeps what was typed, and runs the plan then', async () => {
  const { planId } = await wholeIncident('glass');
  const { requestHash } = await pages.api.store.plans.get(planId);
  const fields = { form: 'glass', requestHash, reason: 'checkout is down for everybody', minutes: '30' };
  await pages.api.db.force("UPDATE web_sessions SET signed_in_at = now() - interval '10 minutes'");
  const first = await ann.send(`/plans/${planId}/break-glass`, `/plans/${planId}`, fields);
  expect(first.headers.get('location')).toBe(`/login?to=${encodeURIComponent(`/plans/${planId}#break-glass`)}&fresh=1`);
  const back = await ann.open(first.headers.get('location') ?? '');
  expect(back.text).toContain('checkout is down for everybody</textarea>');
  const second = await ann.send(`/plans/${planId}/break-glass`, `/plans/${planId}`, fields);
  expect(second.status).toBe(303);
  const { breakGlass, state } = await pages.api.store.plans.get(planId);
  expect([state, breakGlass?.person]).toEqual(['approved', 'ann']);
  expect((await ann.open(`/plans/${planId}`)).text).toContain('Somebody else has to review it.');
  const ben = pages.hand('ben');
  expect((await ben.open('/approvals')).text).toContain('checkout is down for everybody');
  const review = await ben.send(`/plans/${planId}/break-glass/review`, `/plans/${planId}`, {
    form: 'review',
    verdict: 'justified',
    note: 'it was',
  });
  expect(review.status).toBe(303);
  expect((await ann.open(`/plans/${planId}`)).text).toContain('Justified');
});

test('an entry has its proof, found by place and by decision, and by its erased words too', async () => {
  const id = await say(pages.api.db.pool, { words: { reason: 'because <it> is' } });
  await log.settle();
  const { text } = await ann.open(`/audit/entries/by-id/${id}`);
  expect(text).toContain('because &lt;it&gt; is');
  const [, body = ''] = /data-body="([^"]+)"/.exec(text) ?? [];
  expect(body).toContain(id);
  const place = /<dt>Place<\/dt><dd>(\d+)/.exec(text)?.[1];
  expect((await ann.open(`/audit/entries/${place}`)).text).toContain(id);
});

test('an answer of policy leads to the entry that records it', async () => {
  const { id, planId } = await wholeIncident('decided');
  for (const path of [`/policy?plan=${planId}`, `/policy?incident=${id}`, '/policy?verdict=needs_approval', '/policy']) {
    const { text } = await ann.open(path);
    const [, entry = ''] = /href="(\/audit\/entries\/by-id\/[^"]+)" aria-label="Proof of the answer to/.exec(text) ?? [];
    expect((await ann.open(entry)).text, path).toContain(planId);
  }
  await log.settle();
  expect((await ann.open(`/policy?plan=${planId}`)).text).toContain('Proof of the answer to');
});

test.each([
  ['evidence.svg', 'image/svg+xml', /^<svg /],
  ['evidence.png', 'image/png', /^.PNG/],
])('%s is the picture of the evidence, for whoever is signed in, and does nothing', async (name, type, begins) => {
  const { id } = await wholeIncident('pictured');
  const cookie = cookieOf(ann);
  const answer = await fetch(new URL(`/incidents/${id}/${name}`, pages.url), { headers: { cookie } });
  expect([answer.status, answer.headers.get('content-type')]).toEqual([200, type]);
  expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'");
  expect(await answer.text()).toMatch(begins);
  const stranger = await fetch(new URL(`/incidents/${id}/${name}`, pages.url), { redirect: 'manual' });
  expect(stranger.headers.get('location')).toMatch(/^\/login/);
});

test('a postmortem is read as a page, and had as Markdown; what people said does nothing in either', async () => {
  const { id } = await wholeIncident('<script>alert(1)</script> [now](javascript:alert(2))');
  const { text } = await ann.open(`/incidents/${id}/postmortem`);
  const [, prose = ''] = /<article class="prose">(.*)<\/article>/s.exec(text) ?? [];
  expect(prose).toContain('<h2>Summary</h2>');
  expect(prose).toMatch(/<a href="\/observations\/[0-9a-f]{64}">/);
  expect(text).not.toMatch(/<script>|href="javascript/);
  const source = await ann.open(`/incidents/${id}/postmortem.md`);
  expect(source.text).toContain(`(${pages.url}/observations/`);
  expect(source.text).toMatch(/^Draft, made from the record of incident/);
});

test('what a model was sent is read by those who may, and nothing in it does anything', async () => {
  const { id } = await wholeIncident('asked');
  const { db, store } = pages.api;
  const sent = { provider: 'p', model: 'm', system: 'Be careful.', user: '<script>alert(1)</script>' };
  const prompts = createLlmPrompts({ db: db.pool, key: new Uint8Array(32), days: 1, now: store.now });
  const promptId = await prompts.put(id, JSON.stringify(sent));
  const call = {
    id: `c-${promptId.slice(0, 8)}`,
    incidentId: id,
    person: null,
    task: 'plan',
    provider: 'p',
    model: 'm',
    promptId,
  } as const;
  await inTransaction(db.pool, (tx) =>
    insertLlmCall(tx, { ...call, at: new Date(), inputTokens: 9, outputTokens: 9, microUsd: 1_000_000 }),
  );
  const { text: list } = await ann.open(`/incidents/${id}/llm`);
  expect(list).toContain('$1.0000');
  expect(list).toContain(`href="/llm/prompts/${promptId}"`);
  const { text } = await ann.open(`/llm/prompts/${promptId}`);
  expect(text).toContain('Be careful.');
  expect(text).not.toContain('<script>alert');
  expect((await pages.hand('vic').open(`/llm/prompts/${promptId}`)).text).toContain('Prompts are for approvers and administrators');
});

test('dead letters are sent again by an admin, and not by anybody else', async () => {
  const { id } = await wholeIncident('mirrored');
  await pages.api.db.force(
    `UPDATE outbox SET state = 'refused', last_error = 'no such team', batch = gen_random_uuid() WHERE incident_id = '${id}' AND sink = 'linear'`,
  );
  expect((await ann.open(`/outbox?incident=${id}`)).text).not.toContain('Send again');
  const eve = pages.hand('eve');
  const { text } = await eve.open(`/outbox?incident=${id}`);
  const action = /action="(\/outbox\/\d+\/retry)"/.exec(text)?.[1] ?? '';
  expect((await ann.send(action, '/me', {})).status).toBe(403);
  const again = await eve.send(action, `/outbox?incident=${id}`, {});
  expect([again.status, await again.text()]).toEqual([303, '']);
  expect((await eve.open('/outbox')).text).toContain('On its way again: message');
});

test.each([
  ['/policy', 'built in'],
  ['/playbooks', 'no worker has started yet'],
  ['/tools', 'kubernetes.rollout_undo'],
  ['/llm', 'No model is configured'],
  ['/me', 'sub-ann'],
  ['/approvals', 'Waiting for you'],
])('%s shows what there is', async (path, words) => {
  expect((await ann.open(path)).text).toContain(words);
});

test('operations are folded by their systems, with how many there are; those that are asked for stand open', async () => {
  const groupsOf = (text: string) =>
    [...text.matchAll(/<details id="system-([\w-]+)"( open)?>/g)].map(([, name, open]) => [name, open !== undefined]);
  const all = groupsOf((await ann.open('/tools')).text);
  expect(all.length).toBeGreaterThan(10);
  expect(all.filter(([, open]) => open)).toEqual([]);
  const { text } = await ann.open('/tools?system=kubernetes&kind=write&text=rollout');
  expect(groupsOf(text)).toEqual([['kubernetes', true]]);
  const names = [...text.matchAll(/<code>([\w.]+)<\/code><\/span><\/td>/g)].map(([, name]) => name ?? '');
  expect(names).toContain('kubernetes.rollout_undo');
  expect(names.filter((name) => !name.startsWith('kubernetes.'))).toEqual([]);
  expect(text).toContain(`<p>${names.length} operations of `);
  expect(text).toContain(`<span class="quiet">0 reads, ${names.length} writes</span>`);
  expect((await ann.open('/tools?system=nothing')).text).toContain('No operation is like that.');
});

test('playbooks are shown with what is wrong in the directory of your own, all of it as text', async () => {
  const sha256 = 'a'.repeat(64);
  const member = { summary: nasty, file: 'mine.yaml', origin: 'own' as const, sha256, specificity: 3, causes: [], proposes: [] };
  const problems = [{ file: 'broken.yaml', line: 3, column: 5, message: nasty, todo: 'correct it there', kept: true }];
  const texts = [{ sha256, file: 'mine.yaml', origin: 'own' as const, content: nasty }];
  await pages.api.store.playbooks.record({ hash: 'b'.repeat(64), members: [{ name: 'mine', ...member }], problems, texts });
  for (const path of ['/playbooks', '/playbooks/mine']) {
    const { text } = await ann.open(path);
    expect(text).not.toContain('<script>');
    expect(text).toContain('&lt;script&gt;alert(1)');
  }
  expect((await ann.open('/playbooks')).text).toContain('Its last good version is in use');
  expect((await ann.open('/playbooks/nothing')).status).toBe(404);
});

test('another policy is tried on what was decided, from a file; what is no policy is refused in words', async () => {
  await wholeIncident('replayed');
  const { text } = await ann.open('/policy');
  const token = /name="token" value="([^"]+)"/.exec(text)?.[1] ?? '';
  const cookie = cookieOf(ann);
  const send = (bundle: Uint8Array<ArrayBuffer>) => {
    const body = new FormData();
    body.set('token', token);
    body.set('since', '2020-01-01');
    body.set('bundle', new Blob([bundle]), 'bundle.tar.gz');
    return fetch(new URL('/policy/replay', pages.url), { method: 'POST', body, headers: { cookie, origin: pages.url } });
  };
  const refused = await send(Uint8Array.from(Buffer.from('no bundle')));
  expect([refused.status, (await refused.text()).includes('This bundle cannot be tried')]).toEqual([422, true]);
  expect((await send(new Uint8Array(4 * 1024 * 1024))).status).toBe(413);
  const tried = await send(Uint8Array.from(archiveOf(bundleWithNote('replayed'))));
  expect(tried.status).toBe(200);
  expect(await tried.text()).toMatch(/Decisions asked again<\/dt><dd>\d+/);
});

test('settings hold no secret, not even as what is masked elsewhere', async () => {
  const { text } = await ann.open('/settings');
  expect(text).toContain('1 values, not shown');
  expect(text).not.toContain('hunter2');
  expect(text).toContain('https://logs.shop.example/…');
  expect(text).not.toContain('made-up-token');
});

test('pages count as requests of whoever looks, with the same words as over the API', async () => {
  const strict = await startTestPages(people, { perCaller: 10 });
  try {
    const hand = strict.hand('ann');
    await hand.open('/');
    const seen = [];
    for (let times = 0; times < 11; times += 1) seen.push(await hand.open('/audit'));
    expect(seen.map(({ status }) => status)).toContain(200);
    const last = seen.at(-1);
    expect(last?.status).toBe(429);
    expect(last?.text).toContain('You may ask 10 times a minute. Come again in');
    expect(Number(last?.headers.get('retry-after'))).toBeGreaterThan(0);
  } finally {
    await strict.close();
  }
});
