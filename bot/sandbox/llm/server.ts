import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { accept, paths, type Refused } from './accept.ts';
import { chatFrames } from './chat.ts';
import { type Frame, type Told, write } from './frames.ts';
import { messagesFrames } from './messages.ts';
import { responsesFrames } from './responses.ts';
import type { Protocol, Script, Scripted, SeenRequest } from './types.ts';

export interface LocalLlm {
  /** Without a path: `/v1` is OpenAI's base URL, the origin Anthropic's, `/backend-api/codex` that of the subscription. */
  readonly url: string;
  readonly apiKey: string;
  /** What was asked, oldest first; refused requests are not among it. */
  readonly seen: readonly SeenRequest[];
  close(): Promise<void>;
}

export interface StartLlm {
  readonly script: Script;
  readonly apiKey: string;
  /** Access tokens that the subscription's endpoint takes too. */
  readonly tokens?: readonly string[];
  readonly models: readonly string[];
  readonly port?: number;
}

const frames: Readonly<Record<Protocol, (told: Told, model: string, prompt: number) => readonly Frame[]>> = {
  responses: responsesFrames,
  codex: responsesFrames,
  chat: chatFrames,
  messages: messagesFrames,
};

function errorBody(protocol: Protocol, { code, message }: Omit<Refused, 'status'>): unknown {
  if (protocol === 'messages') return { type: 'error', error: { type: code, message }, request_id: 'req_1' };
  return { error: { message, type: code, code, param: null } };
}

function refuse(response: ServerResponse, protocol: Protocol, refused: Refused, headers: Readonly<Record<string, string>> = {}): void {
  response.writeHead(refused.status, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify(errorBody(protocol, refused)));
}

function begin(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
}

function streamError(protocol: Protocol, code: string): Frame {
  const message = 'something went wrong';
  return protocol === 'chat'
    ? { event: null, data: errorBody(protocol, { code, message }) }
    : {
        event: 'error',
        data:
          protocol === 'messages'
            ? errorBody(protocol, { code, message })
            : { type: 'error', code, message, param: null, sequence_number: 1 },
      };
}

/** What goes wrong after a stream has begun. */
function breakOff(response: ServerResponse, protocol: Protocol, first: readonly Frame[], broken: Broken): void {
  for (const frame of first) response.write(write(frame));
  if (broken.kind === 'cut') response.destroy();
  else if (broken.kind === 'stream_error') response.end(write(streamError(protocol, broken.code)));
  else response.end(write({ event: first.at(-1)?.event ?? null, data: '{"type": this is no JSON' }));
}

type Broken = Extract<Scripted, { kind: 'stream_error' | 'cut' | 'garbage' }>;

const isBroken = (scripted: Scripted): scripted is Broken => ['stream_error', 'cut', 'garbage'].includes(scripted.kind);

function play(response: ServerResponse, seen: SeenRequest, scripted: Scripted): void {
  const { protocol, model } = seen;
  const framesOf = (told: Told) => frames[protocol](told, model, seen.system.length + seen.user.length);
  if (scripted.kind === 'error') {
    refuse(response, protocol, { ...scripted, message: 'scripted' }, scripted.headers);
    return;
  }
  begin(response);
  if (scripted.kind === 'hang') response.flushHeaders();
  else if (isBroken(scripted)) breakOff(response, protocol, framesOf({ kind: 'text', text: '{"a":' }).slice(0, 3), scripted);
  else {
    for (const frame of framesOf(scripted)) response.write(write(frame));
    response.end();
  }
}

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'));
  } catch {
    return null;
  }
}

/** A stand-in for OpenAI's Responses API and chat completions, Anthropic's Messages API and the endpoint of a Codex subscription. */
export async function startLlm({ script, apiKey, tokens = [], models, port = 0 }: StartLlm): Promise<LocalLlm> {
  const seen: SeenRequest[] = [];
  const server = createServer((request, response) => {
    void (async () => {
      const protocol = paths[URL.parse(request.url ?? '/', 'http://localhost')?.pathname ?? ''];
      if (protocol === undefined || request.method !== 'POST') return response.writeHead(404).end();
      const keys = protocol === 'codex' ? tokens : [apiKey];
      const read = accept(protocol, request.headers, await bodyOf(request), keys, models);
      if (!('protocol' in read)) return refuse(response, protocol, read);
      seen.push(read);
      return play(response, read, script(read, seen.length - 1));
    })().catch(() => response.destroy());
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    apiKey,
    seen,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
