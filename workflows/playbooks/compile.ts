import { createHash } from 'node:crypto';
import { type CelType, compile as compileCel, type Run } from './cel.ts';
import { always, type CompiledPlaybook, type CompiledVerify, type Operations, type Origin } from './compiled.ts';
import { Playbook } from './contract.ts';
import { exampleProblems } from './examples.ts';
import { type PlaybookProblem, readSource, type Source } from './source.ts';
import { specificity } from './specificity.ts';
import { anyText, type Fill, type Guard, plainWord, textTemplate, valueTemplate } from './template.ts';

export type CompiledFile =
  | { readonly kind: 'good'; readonly compiled: CompiledPlaybook }
  | { readonly kind: 'wrong'; readonly problems: readonly PlaybookProblem[] };

const sees = 'expressions see cause, confidence, entity, facts, labels, service and reads (docs/guides/playbooks.md)';

type Path = readonly (string | number)[];

/** Compiles part by part, and remembers what is wrong. */
function compiler(source: Source, operations: Operations) {
  const problems: PlaybookProblem[] = [];
  const condition = (text: string | undefined, path: Path, type: CelType = 'bool'): Run => {
    if (text === undefined) return always;
    const compiled = compileCel(text, type);
    if (compiled.kind === 'compiled') return compiled.run;
    problems.push(source.problem(path, `${path.join('.')}: ${compiled.message}`, sees, compiled.at));
    return () => undefined;
  };
  const text = (value: string, path: Path, guard: Guard = anyText): Fill => {
    const { fill, problems: wrong } = textTemplate(value, guard);
    problems.push(...wrong.map(({ message, at }) => source.problem(path, `${path.join('.')}: ${message}`, sees, at)));
    return fill;
  };
  const input = (value: unknown, path: Path): Fill => {
    const { fill, problems: wrong } = valueTemplate(value, path);
    problems.push(...wrong.map(({ message, at, path: where }) => source.problem(where, `${where.join('.')}: ${message}`, sees, at)));
    return fill;
  };
  const operation = (name: string, kind: 'read' | 'write', path: Path) => {
    const found = operations.get(name);
    if (found?.kind === kind) return;
    const others = operations.list().filter((one) => one.kind === kind && one.name.split('.')[0] === name.split('.')[0]);
    const there = others.map((one) => one.name).join(', ');
    problems.push(
      source.problem(path, `${name} is not a registered ${kind}`, there === '' ? 'watchkeeper tools list shows them' : `one of ${there}`),
    );
  };
  return { problems, condition, text, input, operation };
}

type Parts = ReturnType<typeof compiler>;
type Verify = NonNullable<Playbook['propose']>['steps'][number]['verify'][number];

function verifyOf({ text }: Parts, verify: Verify, path: Path): CompiledVerify {
  if ('service' in verify) return { kind: 'error_rate', stable: verify.stable };
  const { below, above, within, stable } = verify;
  return {
    kind: 'metric',
    title: text(verify.title, [...path, 'title']),
    query: text(verify.query, [...path, 'query'], plainWord),
    check: {
      operation: 'prometheus.query',
      expect: [
        ...(below === undefined ? [] : [{ pointer: '/value', op: 'lt' as const, value: below }]),
        ...(above === undefined ? [] : [{ pointer: '/value', op: 'gt' as const, value: above }]),
      ],
      withinSeconds: within + stable,
      stableSeconds: stable,
    },
  };
}

function proposeOf(parts: Parts, { propose }: Playbook): CompiledPlaybook['propose'] {
  if (propose === undefined) return null;
  return {
    when: parts.condition(propose.if, ['propose', 'if']),
    goal: parts.text(propose.goal, ['propose', 'goal']),
    steps: propose.steps.map((step, index) => {
      const path = ['propose', 'steps', index];
      parts.operation(step.operation, 'write', [...path, 'operation']);
      return {
        operation: step.operation,
        input: parts.input(step.input, [...path, 'input']),
        verify: step.verify.map((one, at) => verifyOf(parts, one, [...path, 'verify', at])),
      };
    }),
  };
}

function partsOf(parts: Parts, playbook: Playbook) {
  return {
    when: parts.condition(playbook.when.if, ['when', 'if']),
    observe: playbook.observe.map(({ as, title, operation, input }, index) => {
      parts.operation(operation, 'read', ['observe', index, 'operation']);
      return { as, title, operation, input: parts.input(input, ['observe', index, 'input']) };
    }),
    propose: proposeOf(parts, playbook),
    conclude:
      playbook.conclude === undefined
        ? null
        : {
            says: parts.text(playbook.conclude.says, ['conclude', 'says']),
            ask: playbook.conclude.ask.map((one, index) => parts.text(one, ['conclude', 'ask', index])),
          },
  };
}

/** Shape, names, expressions with their types, then what it makes of its examples. */
export function compilePlaybook(operations: Operations, file: string, origin: Origin, text: string): CompiledFile {
  const read = readSource(file, text);
  if (read.kind === 'wrong') return read;
  const { source } = read;
  const parsed = Playbook.safeParse(source.value);
  if (!parsed.success) return { kind: 'wrong', problems: source.issues(parsed.error) };
  const playbook = parsed.data;
  const parts = compiler(source, operations);
  if (`${playbook.name}.yaml` !== file)
    parts.problems.push(source.problem(['name'], `the name is ${playbook.name}, the file's is ${file}`, 'give both the same name'));
  const compiled: CompiledPlaybook = {
    playbook,
    file,
    origin,
    sha256: createHash('sha256').update(text).digest('hex'),
    specificity: specificity(playbook),
    ...partsOf(parts, playbook),
  };
  const problems = parts.problems.length > 0 ? parts.problems : exampleProblems(operations, compiled, source);
  return problems.length > 0 ? { kind: 'wrong', problems } : { kind: 'good', compiled };
}
