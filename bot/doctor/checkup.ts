import { randomBytes } from 'node:crypto';
import pino from 'pino';
import type { GrowingRedactor } from '../../tools/ports.ts';
import { createGrowingRedactor } from '../../tools/redaction/index.ts';
import { type Reading, readSettings } from '../config.ts';
import type { Environment } from '../config-environment.ts';
import { knownSecrets } from '../core.ts';
import { checkAccess } from './access.ts';
import { checkApi } from './api.ts';
import { checkAudit } from './audit.ts';
import { type Confirm, type Finding, fine, problem } from './finding.ts';
import { checkLinear } from './linear.ts';
import { checkPagerDuty } from './pagerduty.ts';
import { checkPostgres, checkSignIn, checkSlack, checkTemporal } from './peers.ts';
import { checkPlaybooks } from './playbooks.ts';
import { checkPolicy } from './policy.ts';
import { checkPrograms } from './programs.ts';
import { configurationTodo } from './remedies.ts';
import { checkRunners } from './runners.ts';

function configuration({ problems, given }: Reading): Finding[] {
  if (problems.length === 0) return [fine('configuration', 'valid')];
  const file = given['WATCHKEEPER_CONFIG'] ?? 'watchkeeper.yaml';
  return problems.map((text) => problem('configuration', text, configurationTodo(text, file)));
}

async function peers(env: Environment, reading: Reading, redactor: GrowingRedactor, confirm: Confirm): Promise<readonly Finding[]> {
  const { file } = reading;
  const log = pino({ level: 'silent' });
  const found = await Promise.all([
    checkPostgres(env, log),
    checkTemporal(env),
    checkSlack(env, file, log),
    checkSignIn(env, file),
    checkPolicy(env, file, log),
    checkPlaybooks(file),
    checkAudit(env, file, log),
    checkApi(reading),
    checkRunners(reading),
    checkLinear(env, confirm),
    checkPagerDuty(env, file),
    ...file.sites.map((site) => checkAccess(site, reading, redactor, log)),
    ...file.sites.map((site) => checkPrograms(site, env.PATH, log)),
  ]);
  return found.flat();
}

/** Looks at the configuration and at everything that it names. Changes nothing but what `confirm` wants; what it says holds no secret. */
export async function checkup(
  environment?: Readonly<Record<string, string | undefined>>,
  confirm: Confirm = async () => false,
): Promise<readonly Finding[]> {
  const reading = readSettings(environment);
  const { env, file } = reading;
  const redactor = createGrowingRedactor(env === null ? [] : knownSecrets(env, file), randomBytes(32));
  const rest = env === null ? [] : await peers(env, reading, redactor, confirm);
  const masked = (text: string) => redactor.text(text).text;
  return [...configuration(reading), ...rest].map((finding) => {
    const todo = finding.todo === null ? null : masked(finding.todo);
    return { ...finding, detail: masked(finding.detail), todo };
  });
}
