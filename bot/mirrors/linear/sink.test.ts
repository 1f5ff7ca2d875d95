import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { effects } from '../said.ts';
import { type Bench, createBench } from '../testing.ts';
import { failedLife, propose, rejectedLife, resolvedLife } from '../testing-lives.ts';

let bench: Bench;
beforeEach(async () => {
  bench = await createBench();
});
afterEach(async () => {
  await bench.close();
});

interface Seen {
  readonly labels: readonly string[];
  readonly state: string;
  readonly comments: readonly { readonly body: string }[];
  readonly attachments: readonly { readonly title: string; readonly url: string; readonly metadata: object }[];
  readonly documents: readonly { readonly title: string; readonly content: string }[];
}

async function issue(): Promise<Seen> {
  const [only] = (await (await fetch(new URL('/ui/issues', bench.linear.apiUrl))).json()) as Seen[];
  if (only === undefined) throw new Error('there is no issue');
  return only;
}

const comments = async (start: string) => (await issue()).comments.map(({ body }) => body).filter((body) => body.startsWith(start));

test('the plan is a checklist that is ticked as its steps are done, beside the comment that was approved', async () => {
  const incident = await bench.open();
  bench.mirror();
  const plan = await resolvedLife(bench.store, incident.id);
  await bench.drained();
  expect(await comments('**Checklist**')).toEqual([
    `**Checklist** of plan ${plan.id}: executed and verified\n\n- [x] Step 1: Return checkout to revision 2 (done and verified)`,
  ]);
  const [proposal, ...more] = await comments('**Plan proposed**');
  expect(more).toEqual([]);
  expect(proposal).toContain('kubectl rollout undo deployment/checkout --to-revision=2');
});

test('a decision that stands alone links the observations that prove it', async () => {
  const incident = await bench.open();
  bench.mirror();
  const plan = await failedLife(bench.store, incident.id);
  await bench.drained();
  const { steps } = await bench.store.plans.get(plan.id);
  const [failed] = await comments('**Step failed**');
  for (const id of [steps[0]?.before, steps[0]?.output, steps[0]?.verification])
    expect(failed).toContain(`[${id?.slice(0, 12)}](https://watchkeeper.example/observations/${id})`);
});

test('the label follows the state, and labels that the team lacks are created once', async () => {
  const incident = await bench.open();
  await rejectedLife(bench.store, incident.id);
  bench.mirror();
  await bench.drained();
  expect(effects(bench.linear.ledger(), 'issueLabelCreate')).toHaveLength(6);
  expect((await issue()).labels).toEqual(['assistant:rejected']);
});

test('the attachment links the Slack thread, and names the workflows', async () => {
  const incident = await bench.open();
  await bench.store.incidents.setThread(incident.id, { team: 'T1', channel: 'C1', threadTs: '1.2' });
  const plan = await resolvedLife(bench.store, incident.id);
  bench.mirror();
  await bench.drained();
  const metadata = { incident: incident.id, workflow: `incident:${incident.key}`, change: `change:${plan.id}` };
  expect((await issue()).attachments).toMatchObject([
    { title: 'Slack thread', url: 'https://slack.example/archives/C1/p1.2', metadata },
    { title: 'Incident', url: `https://watchkeeper.example/incidents/${incident.id}`, metadata },
  ]);
});

describe('at the end', () => {
  test('the issue is done and has a draft of the postmortem', async () => {
    const incident = await bench.open();
    await resolvedLife(bench.store, incident.id);
    bench.mirror();
    await bench.drained();
    const { state, documents } = await issue();
    expect(state).toBe('Done');
    expect(documents).toHaveLength(1);
    expect(documents[0]?.title).toBe('Postmortem: checkout fails');
    const content = documents[0]?.content ?? '';
    expect(content.match(/^## .*$/gm)).toEqual([
      '## Summary',
      '## Impact',
      '## Cause',
      '## What was done',
      '## What worked',
      '## What did not work',
      '## Follow-ups',
      '## Timeline',
    ]);
    expect(content).toContain('The rollout was undone.');
    expect(content).toMatch(/^- \S+ Plan approved: approve by bob$/m);
  });

  test('each follow-up is an issue below it, made once', async () => {
    const incident = await bench.open();
    await resolvedLife(bench.store, incident.id);
    bench.mirror({}, undefined, true);
    await bench.drained();
    const made = effects(bench.linear.ledger(), 'issueCreate').map((entry) => (entry.input as { input: Record<string, unknown> }).input);
    const [own, ...below] = made;
    expect(below.map(({ title, parentId }) => ({ title, parentId }))).toEqual([
      { title: 'Repair what is wrong in revision 3 of checkout before it is rolled out again', parentId: own?.['id'] },
      { title: 'Add an alert that tells of this at checkout', parentId: own?.['id'] },
    ]);
  });

  test.each([
    ['no documents', 400],
    ['no right to make them', 403],
  ])('with %s it is a comment', async (_, status) => {
    bench.linear.faults.serverError('documentCreate', 1, status);
    const incident = await bench.open();
    await resolvedLife(bench.store, incident.id);
    bench.mirror();
    await bench.drained();
    expect((await issue()).documents).toEqual([]);
    expect(await comments('Draft, made from the record')).toHaveLength(1);
  });

  test('an incident in which nothing was wrong has none', async () => {
    const incident = await bench.open();
    await bench.store.incidents.close(incident.id, 'healthy', 'Nothing is wrong.');
    bench.mirror();
    await bench.drained();
    expect((await issue()).documents).toEqual([]);
  });
});

test('an issue that is not there any more is made again', async () => {
  const incident = await bench.open();
  await bench.store.mirrorLinks.put({
    incidentId: incident.id,
    sink: 'linear',
    externalId: '5a0db0c5-0000-4000-8000-0000000000ff',
    url: null,
  });
  await propose(bench.store, incident.id);
  bench.mirror();
  await bench.drained();
  expect(effects(bench.linear.ledger(), 'issueCreate')).toHaveLength(1);
  expect(await comments('**Plan proposed**')).toHaveLength(1);
});
