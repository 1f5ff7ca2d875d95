import { setTimeout as sleep } from 'node:timers/promises';
import type { Command } from 'commander';
import type { PlanAnswer } from '../api/shapes.ts';
import { type CliContext, type JsonFlag, withJson } from './context.ts';
import { interrupted } from './interrupted.ts';
import { say } from './out.ts';
import { planLines } from './plan-lines.ts';
import { standing, type Text } from './style.ts';
import { watchLive } from './watch-live.ts';
import { createLooks } from './watch-state.ts';

const everyMs = 1_000;

/** Everything that is approved with it, before how. */
function waitingLines(plan: PlanAnswer): readonly Text[] {
  const { id, approvals } = plan;
  const needed = `${approvals.needed} approval${approvals.needed === 1 ? '' : 's'}`;
  return [
    '',
    ...planLines(plan),
    '',
    `Plan ${id} waits for ${needed}: watchkeeper approve ${id}, or watchkeeper reject ${id} --reason WHY`,
  ];
}

/** A line for each thing that happens, for what is no terminal. Ends when the incident is closed, or with Ctrl-C. */
async function watchLines(incidentId: string, json: boolean, { api, out }: CliContext): Promise<void> {
  const look = createLooks(api(), incidentId);
  const over = interrupted().then(() => true);
  const asked = new Set<string>();
  for (;;) {
    const { incident, plan, happened } = await look();
    for (const { entry, told } of happened) {
      if (json) out.line(JSON.stringify(entry));
      else if (told !== null)
        say(out, [{ text: told.time, meaning: 'quiet' }, ` ${told.headline}${told.rest === '' ? '' : `: ${told.rest}`}`]);
    }
    if (!json && plan?.state === 'pending' && !asked.has(plan.id)) {
      asked.add(plan.id);
      for (const line of waitingLines(plan)) say(out, line);
    }
    if (incident.state === 'closed') {
      if (!json) say(out, ['Closed: ', standing(incident.outcome ?? 'closed'), `. ${incident.summary ?? ''}`]);
      return;
    }
    if (await Promise.race([over, sleep(everyMs, false)])) return;
  }
}

export async function watch(incidentId: string, json: boolean, context: CliContext): Promise<void> {
  const screen = json ? null : context.screen();
  if (screen === null) return watchLines(incidentId, json, context);
  try {
    await watchLive(context.api(), incidentId, screen);
  } finally {
    screen.close();
  }
}

export function registerWatch(program: Command, context: CliContext): void {
  withJson(program.command('watch'))
    .description(
      'follow an incident until it is closed: progress, findings, the plan, and the question for your vote; lines where there is no terminal',
    )
    .argument('<incident>', 'its id')
    .action((id: string, { json }: JsonFlag) => watch(id, json === true, context));
}
