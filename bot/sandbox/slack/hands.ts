/** A message as the page gets it. */
export interface SeenMessage {
  readonly ts: string;
  readonly channel: string;
  readonly thread_ts?: string;
  readonly text: string;
  readonly user?: string;
  readonly blocks?: readonly Record<string, unknown>[];
}

/** The local Slack refused what a person tried: its words. */
export class HandRefused extends Error {
  readonly code = 'hand_refused';
  readonly status: number;
  constructor(status: number, words: string) {
    super(words);
    this.name = 'HandRefused';
    this.status = status;
  }
}

type Event = Readonly<Record<string, unknown>>;

/** The hands and eyes of people in the local Slack, for scenarios that run without them, and for tests. */
export interface Hands {
  /** Answers the message's ts. */
  post(user: string, channel: string, text: string, threadTs?: string): Promise<string>;
  /** Waits for a message of the thread, new or changed, that satisfies `wanted`. */
  until(user: string, channel: string, threadTs: string, wanted: (message: SeenMessage) => boolean): Promise<SeenMessage>;
  /** Clicks a button of a message. Throws HandRefused when it is not there. */
  click(user: string, message: SeenMessage, actionId: string): Promise<void>;
  /** Clicks a button that opens a form, fills it and submits it. Resolves too when the app answers that person by a message instead. */
  clickAndFill(
    user: string,
    message: SeenMessage,
    actionId: string,
    values: Readonly<Record<string, Readonly<Record<string, string>>>>,
  ): Promise<void>;
}

/** Whether a message has a button of that action id. */
export function hasAction(message: SeenMessage, actionId: string): boolean {
  return JSON.stringify(message.blocks ?? []).includes(`"action_id":"${actionId}"`);
}

async function* eventsOf(response: Response): AsyncGenerator<Event> {
  let rest = '';
  for await (const chunk of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) if (line.startsWith('data: ')) yield JSON.parse(line.slice('data: '.length)) as Event;
  }
}

/** Resolves when the stream stands, so that nothing that happens after is missed. */
async function watch(url: string, user: string): Promise<{ events: AsyncGenerator<Event>; stop: () => void }> {
  const stopping = new AbortController();
  const response = await fetch(`${url}/ui/events?user=${encodeURIComponent(user)}`, { signal: stopping.signal });
  return { events: eventsOf(response), stop: () => stopping.abort() };
}

export function createHands(url: string): Hands {
  async function request(path: string, body?: unknown): Promise<Record<string, unknown>> {
    const init = body === undefined ? {} : { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
    const response = await fetch(`${url}${path}`, init);
    const answer = (await response.json()) as Record<string, unknown>;
    if (!response.ok) throw new HandRefused(response.status, String(answer['message'] ?? 'refused'));
    return answer;
  }

  async function threadOf(user: string, channel: string, threadTs: string): Promise<readonly SeenMessage[]> {
    const query = new URLSearchParams({ user, thread_ts: threadTs });
    const { messages } = await request(`/ui/channels/${channel}/messages?${query}`);
    return messages as readonly SeenMessage[];
  }

  const click = async (user: string, message: SeenMessage, actionId: string): Promise<void> => {
    await request('/ui/actions', { user, channel: message.channel, ts: message.ts, action_id: actionId });
  };

  return {
    click,
    async post(user, channel, text, threadTs) {
      return String(
        (await request('/ui/messages', { user, channel, text, ...(threadTs === undefined ? {} : { thread_ts: threadTs }) }))['ts'],
      );
    },
    async until(user, channel, threadTs, wanted) {
      const { events, stop } = await watch(url, user);
      try {
        const look = async () => (await threadOf(user, channel, threadTs)).map((message) => ({ ...message, channel })).findLast(wanted);
        const present = await look();
        if (present !== undefined) return present;
        for await (const event of events) {
          if (event['channel'] !== channel) continue;
          const found = await look();
          if (found !== undefined) return found;
        }
        throw new HandRefused(0, 'the local Slack closed its stream of events');
      } finally {
        stop();
      }
    },
    async clickAndFill(user, message, actionId, values) {
      const { events, stop } = await watch(url, user);
      try {
        await click(user, message, actionId);
        for await (const event of events) {
          if (event['type'] === 'ephemeral') return;
          if (event['type'] !== 'view_opened') continue;
          const answer = await request(`/ui/views/${String((event['view'] as Event)['id'])}/submit`, { user, values });
          if (answer['outcome'] === 'errors') throw new HandRefused(400, JSON.stringify(answer['errors']));
          return;
        }
      } finally {
        stop();
      }
    },
  };
}
