import { z } from 'zod';

/** C0 and C1 controls, line and paragraph separators, bidi controls, zero-width characters, lone surrogates. */
const unsafe = /[\p{Cc}\p{Cs}\u2028\u2029\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/u;

/** A string that is one argument, visible as it is: never read as a flag, never breaks a line or reorders it. */
export function argument(maxLength: number): z.ZodString {
  return z
    .string()
    .min(1)
    .max(maxLength)
    .refine((value) => !value.startsWith('-'), 'must not start with "-"')
    .refine((value) => !unsafe.test(value), 'must not contain control or invisible characters');
}

/** RFC 1123 subdomain: names of most Kubernetes objects. */
export const KubernetesName = argument(253).regex(
  /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/,
  'must be an RFC 1123 name',
);

/** RFC 1123 label: namespaces and containers. */
export const KubernetesLabel = argument(63).regex(/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/, 'must be an RFC 1123 label');

const labelKey = '([a-z0-9]([-a-z0-9.]*[a-z0-9])?/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?';
const labelValue = '([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?';
const requirement = `(!?${labelKey}|${labelKey}(=|==|!=)${labelValue}|${labelKey} (in|notin) \\(${labelValue}(, ?${labelValue})*\\))`;

/** `app=web,tier!=cache,zone in (a, b),!legacy`. */
export const LabelSelector = argument(500).regex(new RegExp(`^${requirement}(,${requirement})*$`), 'must be a label selector');

const domain = '[a-zA-Z0-9]([-a-zA-Z0-9]*[a-zA-Z0-9])?(\\.[a-zA-Z0-9]([-a-zA-Z0-9]*[a-zA-Z0-9])?)*(:[0-9]{1,5})?';
const pathPart = '[a-z0-9]+((\\.|_|__|-+)[a-z0-9]+)*';

/** `registry.example:5000/team/app:1.2@sha256:…`, as the distribution specification has it. */
export const ImageReference = argument(512).regex(
  new RegExp(`^(${domain}/)?${pathPart}(/${pathPart})*(:[A-Za-z0-9_][A-Za-z0-9_.-]{0,127})?(@sha256:[0-9a-f]{64})?$`),
  'must be an image reference',
);

/** One PromQL expression on one line. Prometheus checks its syntax; promtool would read a file for a leading "@". */
export const PromQl = argument(4000).refine((value) => !value.startsWith('@'), 'must not start with "@"');

/** Words of ours that say why: nothing that a program could take for a file. */
export const Comment = argument(500)
  .regex(/^(?!file:)[\p{L}\p{N}]/u, 'must begin with a letter or a digit')
  .refine((text) => !text.includes('../'), 'must not contain "../"');

/** Name of a label of Prometheus. */
export const LabelName = argument(200).regex(/^[a-zA-Z_][a-zA-Z0-9_]*$/, 'must be the name of a label');

/** Go duration of one unit, at most six digits: `90s`, `15m`, `2h`. */
export const Duration = argument(7).regex(/^[1-9][0-9]{0,5}[smh]$/, 'must be a duration such as 90s, 15m or 2h');

/** RFC 9562, as Kubernetes has its UIDs. */
export const Uuid = argument(36).regex(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/, 'must be a UUID');

/** Absolute time, RFC 3339 in UTC. */
export const Time = z.iso.datetime();
