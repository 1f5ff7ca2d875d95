import { z } from 'zod';
import { parseJson } from '../json.ts';
import { read, type SiteFacts } from '../operation.ts';
import { boundedText, Text, textOf } from '../text.ts';
import { helm, helmTimeoutMs, Release } from './helm.ts';

const Input = Release.extend({ /** Unset: the newest. */ revision: z.int().positive().optional() });
type Input = z.infer<typeof Input>;

const get = (what: string, { namespace, release, revision }: Input, site: SiteFacts, more: readonly string[] = []) =>
  helm(site, ['get', what, release, `--namespace=${namespace}`, ...(revision === undefined ? [] : [`--revision=${revision}`]), ...more]);

export const getValues = read({
  name: 'helm.get_values',
  summary: 'Values that a release was given, or with `all` those of its chart too',
  input: Input.extend({ all: z.boolean().default(false) }),
  output: z.object({ values: z.record(z.string(), z.unknown()) }),
  command: (input, site) => get('values', input, site, [...(input.all ? ['--all=true'] : []), '--output=json']),
  parse: ({ stdout }) => ({ values: parseJson(z.record(z.string(), z.unknown()).nullable(), stdout) ?? {} }),
  timeoutMs: helmTimeoutMs,
  permissions: ['list secrets'],
});

export const getManifest = read({
  name: 'helm.get_manifest',
  summary: 'Objects that a revision of a release consists of, as YAML',
  input: Input,
  output: Text,
  command: (input, site) => get('manifest', input, site),
  parse: ({ stdout }) => textOf(stdout),
  cut: boundedText,
  timeoutMs: helmTimeoutMs,
  permissions: ['list secrets'],
});

export const getHooks = read({
  name: 'helm.get_hooks',
  summary: 'Hooks of a revision of a release, its tests among them, as YAML',
  input: Input,
  output: Text,
  command: (input, site) => get('hooks', input, site),
  parse: ({ stdout }) => textOf(stdout),
  cut: boundedText,
  timeoutMs: helmTimeoutMs,
  permissions: ['list secrets'],
});
