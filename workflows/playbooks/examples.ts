import type { Finding } from '../contracts/finding.ts';
import type { Estate } from '../ports.ts';
import type { CompiledPlaybook, Operations } from './compiled.ts';
import type { Example, GivenFinding } from './contract.ts';
import { type Match, matching } from './match.ts';
import { observed, type ReadOutput } from './observe.ts';
import { stepsOf } from './propose.ts';
import type { PlaybookProblem, Source } from './source.ts';

/** With what a finding has beside it in real life. */
export function findingOf(given: GivenFinding): Finding {
  const { site, namespace, kind, name } = given.entity;
  return {
    ...given,
    id: `${given.cause}:${site}/${namespace ?? ''}/${kind}/${name}`,
    analyzer: 'example',
    title: given.cause,
    mechanism: given.cause,
    refutedBy: '',
    edges: [{ observation: '0'.repeat(64), relation: 'supports', excerpt: '' }],
  };
}

/** A site with everything, and services of these names at the entity. */
export function exampleEstate({ entity }: GivenFinding, services: readonly string[] = []): Pick<Estate, 'services' | 'sites'> {
  const named = services.includes(entity.name) || services.length === 0 ? [entity.name] : services.slice(0, 1);
  return {
    sites: [{ name: entity.site, environment: 'production', systems: ['kubernetes', 'prometheus', 'alertmanager', 'helm', 'argocd'] }],
    services: named.map((name) => ({
      name,
      site: entity.site,
      namespace: entity.namespace ?? '',
      owners: [],
      errorRateQuery: 'vector(0)',
      errorRateLimit: 0.05,
      verifyWithinSeconds: 120,
      channel: null,
    })),
  };
}

/** What was given for the read of that operation, whatever was asked. */
export function givenOutput({ observe }: CompiledPlaybook, reads: Readonly<Record<string, unknown>>): ReadOutput {
  return (_site, operation) => {
    const name = observe.find((one) => one.operation === operation && Object.hasOwn(reads, one.as))?.as;
    return name === undefined ? undefined : reads[name];
  };
}

function inputProblem(operations: Pick<Operations, 'get'>, compiled: CompiledPlaybook, match: Match, index: number, source: Source) {
  for (const [step, { operation, input }] of (compiled.propose?.steps ?? []).entries()) {
    const path = ['propose', 'steps', step, 'input'];
    const filled = input(match.context);
    const todo = `make examples.${index} and the input agree; watchkeeper tools describe ${operation} shows what it takes`;
    if (filled === undefined) return source.problem(path, `of examples.${index} something is missing that the input asks for`, todo);
    const parsed = operations.get(operation)?.input.safeParse(filled);
    const [issue] = parsed?.error?.issues ?? [];
    if (issue !== undefined)
      return source.problem(
        [...path, ...(issue.path as (string | number)[])],
        `of examples.${index}, ${operation} gets ${issue.path.join('.') || 'an input'} wrongly: ${issue.message}`,
        todo,
      );
  }
  return source.problem(
    ['examples', index],
    'it comes to no plan',
    'see propose.if, the reads of the example, and the queries under verify: they take names, numbers and versions only',
  );
}

function problemOf(
  operations: Operations,
  compiled: CompiledPlaybook,
  example: Example,
  index: number,
  source: Source,
): PlaybookProblem | null {
  const finding = findingOf(example.finding);
  const situation = { estate: exampleEstate(example.finding, compiled.playbook.when.services), alerts: [example.labels] };
  const [match] = matching([compiled], finding, situation);
  if (match === undefined)
    return source.problem(['examples', index], 'the playbook does not apply to it', 'make when and the example agree');
  const seen = observed(operations, compiled, match.context, givenOutput(compiled, example.reads));
  const unread = seen.missing.find(({ operation }) => compiled.observe.some((one) => one.operation === operation));
  if (compiled.propose === null) return null;
  if (stepsOf(compiled, finding, seen.context, { ...situation, operations }) !== null) return null;
  if (unread !== undefined && Object.keys(example.reads).length === 0) return null;
  return inputProblem(operations, compiled, { ...match, context: seen.context }, index, source);
}

/** What is wrong with what it makes of its examples: inputs are checked by the operations' own types. */
export function exampleProblems(operations: Operations, compiled: CompiledPlaybook, source: Source): readonly PlaybookProblem[] {
  return compiled.playbook.examples.flatMap((example, index) => problemOf(operations, compiled, example, index, source) ?? []);
}
