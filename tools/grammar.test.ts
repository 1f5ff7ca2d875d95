import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Duration, ImageReference, KubernetesLabel, KubernetesName, LabelSelector, PromQl } from './grammar.ts';

const types = { Duration, ImageReference, KubernetesLabel, KubernetesName, LabelSelector, PromQl };

describe.each(Object.entries(types))('%s', (_name, type) => {
  it('takes no flag, no line break, no control or bidi character', () => {
    const hostile = fc
      .tuple(
        fc.string(),
        fc.constantFrom('\0', '\n', '\r', '\u001b', '\u0085', '\u2028', '\u202e', '\u2066', '\u200b', '\ufeff'),
        fc.string(),
      )
      .map((parts) => parts.join(''));
    const accepted = (value: string): boolean => type.safeParse(value).success;
    fc.assert(fc.property(hostile, (value) => !accepted(value)));
    fc.assert(fc.property(fc.string(), (value) => !accepted(`-${value}`)));
  });

  it('has a length limit', () => {
    expect(type.safeParse('a'.repeat(5000)).success).toBe(false);
  });

  it('is decided at once, however the value is made', () => {
    for (const seed of ['a', 'a.', 'a-', 'a=', 'a,', 'a/', 'a in (']) {
      const started = performance.now();
      type.safeParse(`${seed.repeat(100)}!`);
      expect(performance.now() - started).toBeLessThan(200);
    }
  });
});

it.each([
  [KubernetesName, ['web', 'web-1.example', '0']],
  [KubernetesLabel, ['shop', 'a'.repeat(63)]],
  [LabelSelector, ['app=web', 'app==web,tier!=cache', 'zone in (a, b),!legacy', 'example.com/x notin (a,b)', 'app', 'app=']],
  [
    ImageReference,
    ['nginx', 'nginx:1.27', 'ghcr.io/a/b-c:v1@sha256:'.concat('a'.repeat(64)), 'localhost:5000/x__y', 'registry.example:5000/team/app:1.2'],
  ],
  [PromQl, ['up{job="web"} == 0', 'sum by (x) (rate(y[5m]))']],
  [Duration, ['90s', '15m', '2h']],
])('accepts what it is for (%#)', (type, values) => {
  for (const value of values) expect(type.safeParse(value).error).toBeUndefined();
});

it.each([
  [KubernetesName, ['Web', 'web_1', 'web/x', '.web', 'web.', 'a..b', '']],
  [KubernetesLabel, ['a.b', 'a'.repeat(64)]],
  [LabelSelector, ['app=web;rm', 'app=$(id)', 'a b', ',', 'app in ()x']],
  [ImageReference, ['http://x/y', 'a b', 'nginx:', 'UPPER/../x', 'a@sha256:12']],
  [PromQl, ['@/etc/passwd', '']],
  [Duration, ['1d', '0s', '5', '1h30m', '-5m']],
])('refuses what is something else (%#)', (type, values) => {
  for (const value of values) expect(type.safeParse(value).success).toBe(false);
});
