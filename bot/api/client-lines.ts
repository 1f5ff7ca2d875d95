import { ApiRefused, ApiUnavailable, type ClientOptions, callerHeaders, refusalOf } from './client.ts';

/** Milliseconds without a byte. */
const silenceMs = 60_000;

async function open(options: ClientOptions, path: string, signal: AbortSignal): Promise<ReadableStream<Uint8Array>> {
  const headers = { ...(await callerHeaders(options)), accept: 'application/x-ndjson' };
  const response = await fetch(new URL(path, options.url), { headers, redirect: 'error', signal });
  if (!response.ok || response.body === null) throw refusalOf(response.status, await response.text());
  return response.body;
}

/** The lines of an answer that has one JSON object a line, as they come: memory stays bounded. Throws ApiRefused, and ApiUnavailable also where the answer breaks off. */
export async function* requestLines(options: ClientOptions, path: string): AsyncGenerator<string> {
  const leaving = new AbortController();
  const silence = setTimeout(() => leaving.abort(), silenceMs);
  try {
    const decoder = new TextDecoder();
    let rest = '';
    for await (const bytes of await open(options, path, leaving.signal)) {
      silence.refresh();
      const lines = (rest + decoder.decode(bytes, { stream: true })).split('\n');
      rest = lines.pop() ?? '';
      yield* lines;
    }
    if (rest !== '') yield rest;
  } catch (error) {
    if (error instanceof ApiRefused || error instanceof ApiUnavailable) throw error;
    throw new ApiUnavailable(`${new URL(options.url).host} broke off its answer, or cannot be reached`, error);
  } finally {
    clearTimeout(silence);
    leaving.abort();
  }
}
