import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type CelContext, compile, visible } from './cel.ts';
import { compilePlaybook } from './compile.ts';
import { registry } from './playbooks-testing.ts';
import { scaledQuantity } from './quantities.ts';
import { textTemplate } from './template.ts';

const good = `name: a
summary: s
when: { causes: [crash_loop], confidence: 0.5 }
propose:
  goal: g
  steps:
    - operation: kubernetes.scale
      input: { kind: deployment, namespace: "{{ entity.namespace }}", name: "{{ entity.name }}", replicas: 2 }
examples:
  - finding: { cause: crash_loop, entity: { kind: deployment, namespace: shop, name: cart } }
`;
const problems = (text: string) => {
  const compiled = compilePlaybook(registry, 'a.yaml', 'own', text);
  return compiled.kind === 'wrong' ? compiled.problems.map(({ line, column, message }) => `${line}:${column} ${message}`).join('\n') : '';
};

describe('a playbook', () => {
  test('that is right compiles', () => expect(problems(good)).toBe(''));

  test.each([
    ['is not YAML', 'name: [', '1:8 not valid YAML'],
    ['uses an alias', 'a: &x [1]\nb: *x\n', '1:1 uses an alias'],
    ['lacks what it needs', 'name: a\n', '1:1 summary'],
    ['has a key too many', `${good}approve: true\n`, '11:1 the file: Unrecognized key: "approve"'],
    [
      'asks for an operation that is not registered',
      good.replace('kubernetes.scale', 'shell.run'),
      '7:18 shell.run is not a registered write',
    ],
    ['asks for a read', good.replace('kubernetes.scale', 'kubernetes.get'), '7:18 kubernetes.get is not a registered write'],
    [
      'asks for what expressions do not see',
      good.replace('entity.name }}"', 'env.HOME }}"'),
      '8:81 propose.steps.0.input.name: Unknown variable: env',
    ],
    [
      'has a condition of another type',
      good.replace('0.5 }', '0.5, if: entity.name }'),
      '3:52 when.if: must be true or false, and is a string',
    ],
    ['has no example of what it proposes', good.slice(0, good.indexOf('examples')), '1:1 the file: what is proposed needs an example'],
    [
      'gives an operation what it does not take',
      good.replace('replicas: 2', 'replicas: -1'),
      '8:108 of examples.0, kubernetes.scale gets replicas wrongly',
    ],
    [
      'does not apply to its example',
      good.replace('finding: { cause: crash_loop', 'finding: { cause: oom_killed'),
      '10:5 the playbook does not apply to it',
    ],
    ['has another name than its file', good.replace('name: a', 'name: b'), '1:7 the name is b'],
  ])('that %s is refused, with its place', (_, text, words) => expect(problems(text)).toContain(words));
});

const context: CelContext = {
  cause: 'crash_loop',
  confidence: 0.9,
  entity: { site: 's', kind: 'deployment', namespace: 'shop', name: 'cart' },
  facts: visible({ revision: 3, words: 'a' }),
  labels: visible({ severity: 'page' }),
  service: '',
  reads: visible({ history: { items: [{ id: 2 }, { id: 1 }] } }),
};
const value = (expression: string) => {
  const compiled = compile(expression, 'any');
  return compiled.kind === 'compiled' ? compiled.run(context) : compiled.message;
};

describe('an expression', () => {
  test.each([
    ['facts.revision - 1', 2],
    ['has(facts.goodRevision)', false],
    ['has(facts.constructor)', false],
    ['reads.history.items.filter(one, one.id < 2)[0].id', 1],
    ['labels.severity == "page" && entity.kind in ["deployment"]', true],
    ['facts.goodRevision', undefined],
    ['entity.nme', 'No such key: nme'],
    ['cause == 3', 'no such overload: string == int'],
    ['cause.matches("(a+)+b")', expect.stringContaining('.matches() is not among the methods')],
    ['cel.bind(x, 1, x)', expect.stringContaining('.bind() is not among the methods')],
    ['[1].map(x, [2].map(y, x))', '.map() stands within another loop'],
    ['bytes(cause)', expect.stringContaining('bytes() is not among the functions')],
    ['cause +', 'Unexpected token: EOF'],
    [`"${'a'.repeat(600)}"`, 'is longer than 500 characters'],
    [`${'('.repeat(60)}1${')'.repeat(60)}`, expect.stringContaining('maxDepth')],
  ])('%s', (expression, expected) => expect(value(expression)).toEqual(expected));

  test('of any text is refused, or ends at once with what JSON can hold', () => {
    const parts = fc.constantFrom(
      'facts',
      '.',
      'revision',
      '(',
      ')',
      '"a"',
      '+',
      '&&',
      '!',
      '[',
      ']',
      '1',
      'has',
      '.map(x,',
      'x',
      ' in ',
      '?',
      ':',
      ',',
    );
    fc.assert(
      fc.property(fc.array(parts, { maxLength: 25 }), (tokens) => {
        const answer = value(tokens.join(''));
        expect(answer === undefined || typeof JSON.stringify(answer) === 'string').toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  test('fills a query with words only: nothing closes a matcher', () => {
    const { fill } = textTemplate('up{pod="{{ facts.words }}"}', (text) => /^[a-z]+$/.test(text));
    expect(fill(context)).toBe('up{pod="a"}');
    expect(fill({ ...context, facts: visible({ words: '"} or vector(0) #' }) })).toBeUndefined();
  });
});

test.each([
  ['256Mi', 1.5, '384Mi'],
  ['1Gi', 2, '2Gi'],
  ['1Gi', 1.5, '1536Mi'],
  ['300M', 1.5, '430Mi'],
  ['500m', 1.5, '750m'],
  ['1', 2, '2'],
  ['1Gi', 40, null],
  ['much', 1.5, null],
])('%s times %d is %s', (text, factor, expected) => expect(scaledQuantity(text, factor)).toBe(expected));
