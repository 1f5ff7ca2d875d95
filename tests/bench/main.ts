import { parseArgs } from 'node:util';
import { alertsTakenIn } from './alerts.ts';
import { auditAppend } from './audit-append.ts';
import { auditStream } from './audit-stream.ts';
import { auditVerify } from './audit-verify.ts';
import { besideBaseline } from './baseline.ts';
import { bigCluster } from './big-cluster.ts';
import { cardAfterMention } from './card.ts';
import type { Figure } from './figure.ts';
import { cardAfterPage } from './pager.ts';
import { policyDecisions } from './policy.ts';
import { threadedDecisions } from './policy-thread.ts';
import { redactionSpeed } from './redaction.ts';

/**
 * `npm run bench [-- --only NAME] [--json]`: figures as ratios against a baseline that runs beside them. Nothing here fails a build:
 * a figure that misses its target says so.
 */
const benches: Readonly<Record<string, () => Promise<Figure>>> = {
  policy: policyDecisions,
  'policy-thread': threadedDecisions,
  redaction: redactionSpeed,
  alerts: alertsTakenIn,
  'audit-append': auditAppend,
  'audit-verify': auditVerify,
  'audit-stream': auditStream,
  card: cardAfterMention,
  pager: cardAfterPage,
  'big-cluster': bigCluster,
  baseline: besideBaseline,
};

function line({ name, value, unit, baseline, target, met }: Figure): string {
  const verdict = met === null ? 'not measured' : met ? 'met' : 'missed';
  return `${name}: ${value} ${unit} · baseline ${baseline} · target ${target} · ${verdict}`;
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { only: { type: 'string' }, json: { type: 'boolean', default: false } } });
  const chosen = Object.entries(benches).filter(([name]) => values.only === undefined || values.only === name);
  if (chosen.length === 0) throw new RangeError(`no bench "${values.only}"; there are: ${Object.keys(benches).join(', ')}`);
  for (const [, run] of chosen) {
    const figure = await run();
    process.stdout.write(`${values.json ? JSON.stringify(figure) : line(figure)}\n`);
  }
}

await main();
