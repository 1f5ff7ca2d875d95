import { commandLines } from '../../blocks/command.ts';
import { quoteArgv } from '../../blocks/shell.ts';
import { triedHeading, triedWords } from '../../blocks/tried.ts';
import type { Check } from '../../tools/contract.ts';
import type { Similar } from '../../workflows/contracts/memory.ts';
import type { PlanAnswer } from '../api/shapes.ts';
import { table } from './out.ts';
import { standing, type Text } from './style.ts';

type Step = PlanAnswer['steps'][number];

const indented = (text: string) =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => `      ${line}`);

/** Added and removed, as a diff marks them. */
function diffLine(line: string): Text {
  const mark = line.trimStart()[0];
  return mark === '+' || mark === '-' ? [{ text: line, meaning: mark === '+' ? 'good' : 'bad' }] : line;
}

function targetOf({ site, input }: Step): string {
  const parts = Object.entries(input).map(([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`);
  return [`site ${site}`, ...parts].join(', ');
}

const checkLine = ({ title, withinSeconds, stableSeconds }: Check) =>
  `${title}, within ${withinSeconds} s${stableSeconds > 0 ? `, stable for ${stableSeconds} s` : ''}`;

function rollbackLines({ rollback }: Step): readonly Text[] {
  if (rollback.kind === 'none') return [`    Rollback  none: ${rollback.reason}`];
  const { via, call, verification } = rollback;
  const [first = '', ...more] = commandLines(via);
  return [
    `    Rollback  ${call.operation}: ${first}`,
    ...more.map((line) => `              ${line}`),
    ...verification.map((check) => `      then    ${checkLine(check)}`),
  ];
}

/** Everything that is approved with a step. */
function stepLines(step: Step): readonly Text[] {
  const { id, operation, tier, summary, state, reason, argv, dryRun, verification } = step;
  return [
    '',
    [`  ${id}  ${operation} (${tier} risk): `, standing(state), reason === null ? '' : `: ${reason}`],
    `    Does      ${summary}`,
    `    Target    ${targetOf(step)}`,
    `    Runs      ${quoteArgv(argv)}`,
    ...(dryRun.kind === 'none' ? [`    Dry run   none: ${dryRun.reason}`] : ['    Dry run', ...indented(dryRun.diff).map(diffLine)]),
    ...verification.map((check) => `    Verifies  ${checkLine(check)}`),
    ...rollbackLines(step),
  ];
}

/** A plan with everything that is approved with it, and the votes so far. */
export function planLines(plan: PlanAnswer, tried: readonly Similar[] = []): readonly Text[] {
  const { id, incidentId, goal, state, tier, requestHash, approvals, expiresAt, steps } = plan;
  const approved = approvals.votes.filter(({ verdict }) => verdict === 'approve').length;
  const given = approvals.votes.map(({ person, verdict }) => `${person}: ${verdict.replaceAll('_', ' ')}`).join(', ');
  return [
    ...table([
      ['Plan', id],
      ['Incident', incidentId],
      ['Goal', goal],
      ['State', standing(state)],
      ['Tier', tier],
      ['Approvals', `${approved} of ${approvals.needed}${approvals.roles.length === 0 ? '' : ` (${approvals.roles.join(', ')})`}`],
      ['Votes', given === '' ? 'none' : given],
      ['Expires', expiresAt],
      ['Request hash', requestHash],
    ]),
    ...(tried.length === 0 ? [] : ['', `  ${triedHeading}:`, ...tried.map((one) => `    ${triedWords(one)} (incident ${one.incidentId})`)]),
    ...steps.flatMap(stepLines),
  ];
}
