import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { type App, HTTPReceiver, type Logger, type Receiver, type ReceiverEvent, SocketModeReceiver } from '@slack/bolt';

/** Bolt acknowledges events before listeners run; an event must be stored first. A listener that throws leaves it unacknowledged: Slack sends it again. */
async function processThenAck(app: App, event: ReceiverEvent): Promise<void> {
  const type = (event.body as { type?: unknown }).type;
  if (type !== 'event_callback') return app.processEvent(event);
  await app.processEvent({ ...event, ack: async () => undefined });
  return event.ack();
}

export function createSocketReceiver(appToken: string, apiUrl: string | undefined, logger: Logger): Receiver {
  const socket = new SocketModeReceiver({
    appToken,
    logger,
    ...(apiUrl === undefined ? {} : { installerOptions: { clientOptions: { slackApiUrl: apiUrl } } }),
  });
  return {
    init: (app) => socket.init({ processEvent: (event: ReceiverEvent) => processThenAck(app, event) } as App),
    start: () => socket.start(),
    stop: () => socket.stop(),
  };
}

export interface HttpReceiver {
  readonly receiver: Receiver;
  /** Answers `POST /slack/events`; needs the raw body. */
  readonly listener: RequestListener;
}

const toleranceSeconds = 300;

/** Bolt refuses timestamps that are too old; one from the future is refused here. */
function fromFuture(request: IncomingMessage, now: number): boolean {
  return Number(request.headers['x-slack-request-timestamp']) > now / 1000 + toleranceSeconds;
}

/** `processBeforeResponse`: the 200 follows the durable write. */
export function createHttpReceiver(signingSecret: string, logger: Logger, now: () => number = Date.now): HttpReceiver {
  const http = new HTTPReceiver({ signingSecret, endpoints: '/slack/events', processBeforeResponse: true, logger });
  return {
    receiver: { init: (app) => http.init(app), start: async () => undefined, stop: async () => undefined },
    listener: (request: IncomingMessage, response: ServerResponse) => {
      if (!fromFuture(request, now())) return http.requestListener(request, response as Parameters<RequestListener>[1]);
      response.writeHead(401).end();
    },
  };
}
