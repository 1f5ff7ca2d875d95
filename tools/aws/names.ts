import type { z } from 'zod';
import { argument } from '../grammar.ts';

/**
 * The CLI takes the value of any parameter that begins with `file://`, `fileb://`, `http://` or `https://` for a place to read the value from,
 * and lets `key@=file://…` do so within its shorthand. So no value here has a scheme, and structures are always passed as JSON, where neither
 * means anything.
 */
const word = (max: number, pattern: RegExp, words: string) => argument(max).regex(pattern, words);

export const Region = word(30, /^[a-z]{2}(-[a-z]+)+-\d{1,2}$/, 'must be a region, e.g. eu-central-1');

/** Names of most resources. */
export const Name = word(255, /^[A-Za-z0-9_][A-Za-z0-9_.-]*$/, 'must be letters, digits, "_", "." and "-"');

/** Words that AWS leaves to people: names of alarms, values of tags. No address, no path that leads upwards. */
export function words(max: number): z.ZodString {
  return argument(max)
    .regex(/^[A-Za-z0-9_]/, 'must begin with a letter, a digit or "_"')
    .refine((value) => !/:\/\/|\.\.\/|^(fileb?|https?):/i.test(value), 'must not be an address or a path that leads upwards');
}

/** Names of groups of logs, which begin with a slash as a rule. They are passed within JSON. */
export const LogGroup = word(512, /^[A-Za-z0-9_/#][A-Za-z0-9_/#.-]*$/, 'must be the name of a log group').refine(
  (value) => !value.includes('../'),
  'must be the name of a log group',
);

export const Arn = argument(1600)
  .regex(/^arn:aws[a-z-]{0,20}:[a-z0-9-]+:[a-z0-9-]*:\d{0,12}:[A-Za-z0-9_][A-Za-z0-9_.:/+=@-]*$/, 'must be an ARN')
  .refine((value) => !/:\/\/|\.\.\//.test(value), 'must be an ARN');

export const RoleArn = word(300, /^arn:aws[a-z-]{0,20}:iam::\d{12}:role\/[A-Za-z0-9_+=,.@/-]+$/, 'must be the ARN of a role');
export const InstanceId = word(19, /^i-[0-9a-f]{8,17}$/, 'must be the id of an instance');
export const BucketName = word(63, /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, 'must be the name of a bucket');
export const HostedZoneId = word(32, /^[A-Z0-9]{1,32}$/, 'must be the id of a hosted zone');

/** `$LATEST` changes under its name: what an alias leads to is a number. */
export const FunctionVersion = word(20, /^[1-9][0-9]*$/, 'must be the number of a version');
export const AutomationDocument = word(128, /^[A-Za-z0-9_][A-Za-z0-9_.-]{2,127}$/, 'must be the name of a document');
