import { SlackRefusal } from '../errors.ts';

/** The scope that a bot token needs, for the methods that an app may be installed without. */
const scopes: Readonly<Record<string, string>> = {
  'files.getUploadURLExternal': 'files:write',
  'files.completeUploadExternal': 'files:write',
  'canvases.create': 'canvases:write',
  'canvases.access.set': 'canvases:write',
  'conversations.open': 'im:write',
};

/** Refuses with `missing_scope` what needs one of `missing`. */
export function checkScope(method: string, missing: readonly string[]): void {
  const needed = Object.hasOwn(scopes, method) ? scopes[method] : undefined;
  if (needed !== undefined && missing.includes(needed)) throw new SlackRefusal('missing_scope', [], { needed, provided: 'chat:write' });
}
