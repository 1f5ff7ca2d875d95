import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { Manifest } from './manifest.ts';

const source: unknown = parse(readFileSync(join(import.meta.dirname, '../../manifest.yml'), 'utf8'));

describe('manifest.yml', () => {
  it('keeps the limits that Slack sets', () => {
    expect(Manifest.safeParse(source).error?.issues).toBeUndefined();
  });

  it('declares the command and the shortcuts of the public contract', () => {
    const { features } = Manifest.parse(source);
    expect(features.slash_commands.map(({ command }) => command)).toEqual(['/watchkeeper']);
    expect(features.shortcuts.map(({ type, callback_id }) => [type, callback_id])).toEqual([
      ['message', 'investigate_message'],
      ['global', 'new_investigation'],
    ]);
  });

  it('needs no public URL: Socket Mode is on and no request URL is set', () => {
    expect(Manifest.parse(source).settings.socket_mode_enabled).toBe(true);
    expect(JSON.stringify(source)).not.toMatch(/https?:/);
  });

  it.each([
    ['app_mention', 'app_mentions:read'],
    ['message.channels', 'channels:history'],
    ['message.groups', 'groups:history'],
    ['message.im', 'im:history'],
    ['message.mpim', 'mpim:history'],
  ])('asks for the scope that event %s needs', (event, scope) => {
    const { settings, oauth_config } = Manifest.parse(source);
    expect(settings.event_subscriptions.bot_events).toContain(event);
    expect(oauth_config.scopes.bot).toContain(scope);
  });

  it.each([
    ['canvases.create', 'canvases:write'],
    ['chat.postMessage', 'chat:write'],
    ['conversations.open', 'im:write'],
    ['files.completeUploadExternal', 'files:write'],
    ['users.info', 'users:read'],
  ])('asks for the scope that method %s needs', (_method, scope) => {
    expect(Manifest.parse(source).oauth_config.scopes.bot).toContain(scope);
  });

  it.each([
    ['an unknown key', { ...(source as object), extra: 1 }],
    ['a shortcut name that is too long', withShortcut({ name: 'x'.repeat(25) })],
    ['an unknown kind of shortcut', withShortcut({ type: 'channel' })],
  ])('would refuse %s', (_what, manifest) => {
    expect(Manifest.safeParse(manifest).success).toBe(false);
  });
});

function withShortcut(change: object): unknown {
  const manifest = structuredClone(Manifest.parse(source));
  Object.assign(manifest.features.shortcuts[0] ?? {}, change);
  return manifest;
}
