import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { interrupted } from '../cli/interrupted.ts';
import type { Out } from '../cli/out.ts';
import { loadSettings, type Settings } from '../config.ts';
import { scenarioNamed } from '../sandbox/estate/scenarios/index.ts';
import type { ScenarioVote } from '../sandbox/estate/scenarios/scenario.ts';
import { begin } from './begin.ts';
import { playScenario, type ScenarioLine } from './scenario.ts';
import { type RunningSystem, startUp } from './up.ts';

export interface UpFlags {
  readonly scenario?: string;
  readonly vote?: readonly ScenarioVote[];
  readonly exit?: boolean;
  readonly json?: boolean;
}

function banner(system: RunningSystem): readonly string[] {
  const { parts, apiUrl, adminToken, logFile } = system;
  const page = (name: string, url: string | null | undefined) => (url === null || url === undefined ? [] : [`  ${name.padEnd(22)} ${url}`]);
  return [
    '',
    'Watchkeeper is up.',
    ...page('Local Slack', parts.localSlack?.url),
    ...page('Local Linear', parts.linear?.page),
    ...page('Local PagerDuty', parts.pagerduty?.page),
    ...page('Local sign-in', parts.signIn?.page),
    ...page('Web', `${apiUrl}/`),
    `  ${'Admin API'.padEnd(22)} ${apiUrl}/v1/incidents`,
    `  ${'Admin token (a day)'.padEnd(22)} ${adminToken}`,
    `  ${'Log'.padEnd(22)} ${logFile}`,
    ...(parts.estate === null
      ? []
      : [
          '',
          `The estate is a simulation (scenario ${parts.estate.scenario.name}); Slack, Linear, PagerDuty and the sign-in are stand-ins on this machine.`,
        ]),
  ];
}

function nextSteps(system: RunningSystem): readonly string[] {
  if (system.parts.slack === null)
    return ['', `Slack is off. Open incidents with: watchkeeper ask (WATCHKEEPER_URL=${system.apiUrl}). Ctrl-C stops everything.`];
  if (system.parts.localSlack === null) return ['', 'Mention the bot in a Slack channel that it is a member of. Ctrl-C stops everything.'];
  return [
    '',
    `Next: open ${system.parts.localSlack.url}/?as=alice, read the thread in #incidents, and approve or reject the plan.`,
    'Ctrl-C stops everything; the next start goes on from here.',
  ];
}

async function stay(system: RunningSystem, flags: UpFlags, out: Out): Promise<number> {
  for (const line of banner(system)) out.line(line);
  const open = await system.core.store.incidents.list(null, 1);
  const { estate, localSlack } = system.parts;
  if (estate !== null && localSlack !== null && (open.length === 0 || flags.scenario !== undefined)) {
    if (flags.vote !== undefined) await playScenario(system, estate.scenario, flags.vote, (line) => out.line(`  ${line}`));
    else await begin(system, estate.scenario);
  }
  for (const line of nextSteps(system)) out.line(line);
  const died = system.ended.then(() => 'ended' as const);
  const why = await Promise.race([interrupted().then(() => 'asked' as const), died]);
  out.line(why === 'asked' ? '\nStopping …' : '\nA part ended by itself; stopping. See the log.');
  return why === 'asked' ? 0 : 1;
}

function report(line: ScenarioLine, json: boolean, out: Out): number {
  if (json) out.line(JSON.stringify(line));
  else out.line(`Scenario ${line.scenario}: ${line.outcome ?? 'no outcome'} (declared: ${line.expected})`);
  return line.outcome === line.expected ? 0 : 1;
}

async function playOnce(settings: Settings, flags: UpFlags, out: Out): Promise<number> {
  const scenario = scenarioNamed(flags.scenario ?? 'bad-rollout');
  const votes = flags.vote ?? scenario.votes;
  const directory = join(settings.env.WATCHKEEPER_DATA, 'runs', `${scenario.name}-${process.pid}`);
  const system = await startUp({ settings, directory, scenario: scenario.name, port: 0, progress: out.note });
  try {
    const line = await Promise.race([
      playScenario(system, scenario, votes, out.note),
      system.ended.then(() => Promise.reject(new Error('a part ended by itself: see the log'))),
    ]);
    return report(line, flags.json ?? false, out);
  } finally {
    await system.stop();
    rmSync(directory, { recursive: true, force: true });
  }
}

/** Runs `up`; answers the exit status. */
export async function runUp(flags: UpFlags, out: Out): Promise<number> {
  const settings = loadSettings();
  if (flags.exit === true) return playOnce(settings, flags, out);
  const scenario = scenarioNamed(flags.scenario ?? 'bad-rollout').name;
  const system = await startUp({
    settings,
    directory: settings.env.WATCHKEEPER_DATA,
    scenario,
    port: settings.env.PORT,
    progress: out.line,
  });
  try {
    return await stay(system, flags, out);
  } finally {
    await system.stop();
  }
}
