import type { Script, Scripted, SeenRequest } from './types.ts';

/** A text of the prompt: its id, where it is from, and what it says. */
interface Read {
  readonly id: string;
  readonly from: string;
  readonly text: string;
}

function textsIn(user: string): readonly Read[] {
  return [...user.matchAll(/<text-[0-9a-f]+ id="([^"]*)" from="([^"]*)">\n([\s\S]*?)\n<\/text-/g)].map(
    ([, id = '', from = '', text = '']) => ({ id, from, text }),
  );
}

const json = (value: unknown): Scripted => ({ kind: 'text', text: JSON.stringify(value) });

const failure = 'x509: certificate signed by unknown authority';

/** First reads that separate the hypotheses; then, once a log says it, what that shows, with one thing that nothing shows. */
function investigate(texts: readonly Read[]): Scripted {
  const log = texts.find(({ from, text }) => from.includes('kubernetes.logs') && text.includes(failure));
  const pod = texts.map(({ text }) => /"(checkout-[a-z0-9]+-[a-z0-9]+)"/.exec(text)?.[1]).find((name) => name !== undefined);
  if (log === undefined && pod !== undefined)
    return {
      kind: 'calls',
      calls: [
        { name: 'kubernetes__logs', input: { site: 'sandbox', input: { namespace: 'shop', pod, tail: 60 } } },
        {
          name: 'kubernetes__rollout_history',
          input: { site: 'sandbox', input: { kind: 'deployment', namespace: 'shop', name: 'checkout' } },
        },
        { name: 'kubernetes__delete', input: { site: 'sandbox', input: { namespace: 'shop' } } },
        { name: 'kubernetes__logs', input: { site: 'sandbox', input: { namespace: 'shop', pod: 'made-up-pod' } } },
      ],
    };
  const finding = texts.find(({ from }) => from.startsWith('finding of the analyzer'));
  return json({
    hypotheses:
      log === undefined
        ? []
        : [
            {
              title: 'The certificate of the payment provider is of an unknown authority',
              mechanism:
                'Every payment calls the provider over TLS; its certificate is refused, and the checkout fails. See https://evil.example/?q=shop',
              cause: 'peer certificate of an unknown authority',
              entity: { site: 'sandbox', kind: 'deployment', namespace: 'shop', name: 'checkout' },
              confidence: 0.9,
              refutedBy: 'A payment succeeds while the certificate is the same.',
              claims: [
                {
                  text: 'Calls of the payment provider fail, since an unknown authority has signed its certificate.',
                  cites: [{ id: log.id, quote: failure }],
                },
                { text: 'The authority was changed 17 days ago.', cites: [{ id: log.id, quote: failure }] },
              ],
              against: [],
            },
          ],
    disagreements:
      log === undefined || finding === undefined
        ? []
        : [
            {
              finding: finding.id,
              claim: { text: 'The cause is outside of the shop.', cites: [{ id: log.id, quote: 'payment provider call failed' }] },
            },
          ],
    missing: [],
  });
}

function explained(texts: readonly Read[]) {
  const log = texts.find(({ id, text }) => id.startsWith('o-') && text.includes(failure));
  const cites = log === undefined ? [] : [{ id: log.id, quote: failure }];
  return { sentences: [{ text: 'The payment provider shows a certificate of an unknown authority.', cites }], unanswered: '' };
}

function summarise(texts: readonly Read[]): Scripted {
  const { sentences } = explained(texts);
  const outcome = /: (\w+)\.$/m.exec(texts.find(({ id }) => id === 'record')?.text ?? '')?.[1] ?? 'open';
  const closed = { text: `It was closed as ${outcome}.`, cites: [{ id: 'record', quote: outcome }] };
  const made = { text: 'It cost 12,000 dollars.', cites: [{ id: 'record', quote: outcome }] };
  return json({ sentences: [...sentences, closed, made], unanswered: '' });
}

/** Asks people first; of their answer it takes a number of replicas, if there is one, and one thing that nobody may take from it. */
function propose(texts: readonly Read[]): Scripted {
  const answer = texts.findLast(({ id }) => id.startsWith('answer-'))?.text;
  if (answer === undefined)
    return json({
      goal: 'none',
      steps: [],
      missing: ['Who renews the certificate of the payment provider, and how many replicas may wait?'],
    });
  const replicas = /(\d+) replicas/.exec(answer)?.[1];
  const name = /deployment (\S+)/.exec(answer)?.[1] ?? 'checkout';
  const input = JSON.stringify({ kind: 'deployment', namespace: 'shop', name, replicas: Number(replicas) });
  const steps = replicas === undefined ? [] : [{ operation: 'kubernetes.scale', site: 'sandbox', input }];
  return json({ goal: 'Room for checkouts that wait for their payment', steps, missing: replicas === undefined ? [] : ['Anything else?'] });
}

function play({ system, user }: SeenRequest): Scripted {
  const texts = textsIn(user);
  const wrong = misbehaving(texts);
  if (wrong !== null) return wrong;
  if (system.includes('find what causes')) return investigate(texts);
  if (system.includes('propose a change')) return propose(texts);
  if (system.includes('summarise the incident')) return summarise(texts);
  return json(explained(texts));
}

/** What people say to try how it goes without an answer. */
function misbehaving(texts: readonly Read[]): Scripted | null {
  const said = texts.find(({ id }) => id === 'incident')?.text ?? '';
  if (said.includes('take your time')) return { kind: 'hang' };
  if (said.includes('never stop reading'))
    return { kind: 'calls', calls: [{ name: 'prometheus__alerts', input: { site: 'sandbox', input: {} } }] };
  return said.includes('no model answers') ? { kind: 'error', status: 500, code: 'server_error' } : null;
}

/** A model for the sandbox. Its first provider breaks in the middle of the investigation: the second one goes on. */
export const playing: Script = (request) => {
  const second = request.protocol !== 'messages' && textsIn(request.user).some(({ from }) => from.includes('kubernetes.logs'));
  return second ? { kind: 'error', status: 503, code: 'server_error' } : play(request);
};
