import type { WebClient } from '@slack/web-api';
import type { Logger } from 'pino';
import { visible } from '../../blocks/escape.ts';
import { truncate } from '../../blocks/truncate.ts';
import { callSlack } from './call.ts';
import { SlackRefused, SlackUnavailable } from './errors.ts';
import { findShared, type Place } from './find-posted.ts';
import type { SlackFileState, SlackFiles } from './posts.ts';

export interface SnippetsOptions {
  readonly client: WebClient;
  readonly files: SlackFiles;
  readonly redact: (text: string) => string;
  readonly log: Logger;
}

/** Redacted here, like everything that is posted. */
export interface Snippet {
  readonly filename: string;
  readonly title: string;
  /** Syntax, in Slack's words, e.g. `diff`. */
  readonly syntax: string;
  readonly text: string;
}

/** Redacted here, and to be drawn from what is redacted. */
export interface Picture {
  readonly filename: string;
  readonly title: string;
  /** What it shows, for those who do not see it; cut at Slack's limit. */
  readonly alt: string;
  readonly png: Uint8Array<ArrayBuffer>;
}

/** Long texts and pictures as files of a thread. */
export interface Snippets {
  /** Shares it once per key. False, and nothing thrown, where it could not be: a missing scope, a server that does not know files, a limit. */
  share(key: string, place: Place, file: Snippet | Picture): Promise<boolean>;
}

const uploadTimeoutMs = 10_000;
/** Characters: https://docs.slack.dev/reference/methods/files.getUploadURLExternal/ */
const altLimit = 1_000;
/** A snippet is a convenience: nobody waits for a rate limit. */
const impatient = 0;

/** Only as open as the API itself: what a server names is not followed to a place without TLS. */
function uploadAddress(client: WebClient, given: string | undefined): URL {
  const url = URL.parse(given ?? '');
  const allowed = ['https:', new URL(client.slackApiUrl).protocol];
  if (url === null || !allowed.includes(url.protocol)) throw new SlackRefused('files.getUploadURLExternal', 'bad_upload_url', null);
  return url;
}

/** What is uploaded of a file, and what Slack is told of it. */
function contentOf(file: Snippet | Picture) {
  // web-api's types say alt_text, the method's document alt_txt.
  if ('png' in file) return { body: file.png, about: { alt_txt: truncate(file.alt, altLimit, visible) } };
  return {
    body: new TextEncoder().encode(visible(file.text)),
    about: { snippet_type: file.syntax, alt_txt: truncate(file.title, altLimit, visible) },
  };
}

async function put(url: URL, body: Uint8Array<ArrayBuffer>): Promise<void> {
  const signal = AbortSignal.timeout(uploadTimeoutMs);
  const response = await fetch(url, { method: 'POST', body, redirect: 'error', signal }).catch((error: unknown) => {
    throw new SlackUnavailable('the upload of a file', error);
  });
  await response.body?.cancel();
  if (!response.ok) throw new SlackRefused('the upload of a file', `http_${response.status}`, null);
}

export function createSnippets({ client, files, redact, log }: SnippetsOptions): Snippets {
  async function upload(file: Snippet | Picture): Promise<string> {
    const { body, about } = contentOf(file);
    const request = { filename: file.filename, length: body.length, ...about };
    const method = 'files.getUploadURLExternal';
    const answer = await callSlack(method, () => client.apiCall(method, request), impatient);
    const { upload_url, file_id } = answer as { upload_url?: string; file_id?: string };
    if (file_id === undefined) throw new SlackRefused(method, 'no_file_id', null);
    await put(uploadAddress(client, upload_url), body);
    return file_id;
  }

  async function complete(id: string, { channel, threadTs }: Place, title: string): Promise<string | null> {
    const method = 'files.completeUploadExternal';
    const thread = threadTs === null ? {} : { thread_ts: threadTs };
    const request = { files: [{ id, title }], channel_id: channel, ...thread };
    const answer = await callSlack(method, () => client.apiCall(method, request), impatient);
    return (answer as { files?: { permalink?: string }[] }).files?.[0]?.permalink ?? null;
  }

  /** Of an attempt that ended after the upload it is not known whether people see the file: Slack is asked. */
  async function goOn(key: string, place: Place, file: string, title: string): Promise<boolean> {
    const before = await findShared(client, place, file);
    if (before !== null) {
      await files.settle(key, before.permalink);
      return true;
    }
    try {
      await files.settle(key, await complete(file, place, title));
      return true;
    } catch (error) {
      if (error instanceof SlackRefused && error.slackError === 'file_not_found') return false;
      throw error;
    }
  }

  async function bring(key: string, place: Place, { file }: SlackFileState, content: Snippet | Picture): Promise<void> {
    if (file !== null && (await goOn(key, place, file, content.title))) return;
    const uploaded = await upload(content);
    await files.uploaded(key, uploaded);
    await files.settle(key, await complete(uploaded, place, content.title));
  }

  function clean(file: Snippet | Picture): Snippet | Picture {
    const title = redact(file.title);
    return 'png' in file ? { ...file, title, alt: redact(file.alt) } : { ...file, title, text: redact(file.text) };
  }

  return {
    async share(key, place, file) {
      const claimed = await files.claim(key);
      if (claimed === null) return false;
      try {
        await bring(key, place, claimed, clean(file));
        return true;
      } catch (error) {
        if (!(error instanceof SlackRefused || error instanceof SlackUnavailable)) throw error;
        log.warn({ err: error, key }, 'slack did not take a file');
        return false;
      } finally {
        await files.release(key);
      }
    },
  };
}
