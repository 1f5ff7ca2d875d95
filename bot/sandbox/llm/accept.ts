import type { IncomingHttpHeaders } from 'node:http';
import { z } from 'zod';
import type { Protocol, SeenRequest } from './types.ts';

/** Why a request is refused, as the real ones do. */
export interface Refused {
  readonly status: number;
  readonly code: string;
  readonly message: string;
}

export const paths: Readonly<Record<string, Protocol>> = {
  '/v1/responses': 'responses',
  '/v1/chat/completions': 'chat',
  '/v1/messages': 'messages',
  '/backend-api/codex/responses': 'codex',
};

const Text = z.object({ text: z.string() });
const Content = z.union([z.string(), z.array(Text)]);
const Turn = z.object({ role: z.string(), content: Content });
const Tool = z.union([
  z.object({ name: z.string() }),
  z.object({ function: z.object({ name: z.string() }) }).transform(({ function: inner }) => inner),
]);

const Body = z.looseObject({
  model: z.string(),
  stream: z.literal(true),
  tools: z.array(Tool).default([]),
  instructions: z.string().optional(),
  system: Content.optional(),
  input: z.array(Turn).optional(),
  messages: z.array(Turn).optional(),
});

const words = (content: z.infer<typeof Content> | undefined): string =>
  typeof content === 'string' ? content : (content ?? []).map(({ text }) => text).join('');

function wrong(status: number, code: string, message: string): Refused {
  return { status, code, message };
}

/** Of what a subscription's endpoint refuses, and the public one takes. */
function codexProblem(headers: IncomingHttpHeaders, body: z.infer<typeof Body>): Refused | null {
  if (headers['chatgpt-account-id'] === undefined || headers['originator'] === undefined)
    return wrong(400, 'invalid_request', 'chatgpt-account-id and originator are required');
  if (body['store'] !== false) return wrong(400, 'invalid_request', 'Store must be set to false');
  if (body['max_output_tokens'] !== undefined) return wrong(400, 'invalid_request', 'Unsupported parameter: max_output_tokens');
  return body.instructions ? null : wrong(400, 'invalid_request', 'Instructions are required');
}

function messagesProblem(headers: IncomingHttpHeaders, body: z.infer<typeof Body>): Refused | null {
  if (headers['anthropic-version'] === undefined) return wrong(400, 'invalid_request_error', 'anthropic-version: header is required');
  return typeof body['max_tokens'] === 'number' ? null : wrong(400, 'invalid_request_error', 'max_tokens: field required');
}

/** What a request says, or why it is refused. `keys`: those that are good. */
export function accept(
  protocol: Protocol,
  headers: IncomingHttpHeaders,
  raw: unknown,
  keys: readonly string[],
  models: readonly string[],
): SeenRequest | Refused {
  const anthropic = protocol === 'messages';
  const sent = /^Bearer (.+)$/.exec(headers.authorization ?? '')?.[1] ?? headers['x-api-key'];
  if (typeof sent !== 'string' || !keys.includes(sent))
    return wrong(401, anthropic ? 'authentication_error' : 'invalid_api_key', 'Incorrect API key provided');
  const parsed = Body.safeParse(raw);
  if (!parsed.success) return wrong(400, anthropic ? 'invalid_request_error' : 'invalid_request', 'the request is malformed');
  const body = parsed.data;
  const problem = protocol === 'codex' ? codexProblem(headers, body) : anthropic ? messagesProblem(headers, body) : null;
  if (problem !== null) return problem;
  if (!models.includes(body.model)) return wrong(404, anthropic ? 'not_found_error' : 'model_not_found', `model: ${body.model}`);
  const turns = body.input ?? body.messages ?? [];
  const system =
    body.instructions ?? (body.system === undefined ? words(turns.find(({ role }) => role === 'system')?.content) : words(body.system));
  const user = words(turns.findLast(({ role }) => role === 'user')?.content);
  return { protocol, model: body.model, system, user, tools: body.tools.map(({ name }) => name), headers, body };
}
