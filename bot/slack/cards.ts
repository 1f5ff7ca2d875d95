import type { WebClient } from '@slack/web-api';
import type { Logger } from 'pino';
import { type LongStep, longSteps } from '../../blocks/card-budget.ts';
import { type Links, shortId } from '../../blocks/links.ts';
import { planCard } from '../../blocks/plan-card.ts';
import type { Recorded } from '../../blocks/proofs.ts';
import { settledCard } from '../../blocks/settled-card.ts';
import { approvers, type NameOf, type ShownFile } from '../../blocks/shown-plan.ts';
import type { MessageView } from '../../blocks/slack.ts';
import { triedInVain } from '../../blocks/tried.ts';
import type { Similar } from '../../workflows/contracts/memory.ts';
import type { Plan } from '../../workflows/contracts/plan.ts';
import type { StoredPlan } from '../../workflows/ports.ts';
import { directMessage } from './direct.ts';
import type { Place } from './find-posted.ts';
import { createIdentity, permalink } from './identity.ts';
import type { Poster } from './poster.ts';
import type { SlackFiles, SlackPost, SlackPosts } from './posts.ts';
import { redactData } from './redact-leaves.ts';
import type { Snippets } from './snippets.ts';

export interface CardsOptions {
  readonly client: WebClient;
  readonly poster: Poster;
  readonly posts: SlackPosts;
  readonly files: SlackFiles;
  readonly snippets: Snippets;
  readonly redact: (text: string) => string;
  readonly links: Links;
  readonly nameOf: NameOf;
  /** The groups that a person belongs to now. */
  readonly groupsOf: (personId: string) => Promise<readonly string[]>;
  /** Decisions about a plan that are in the audit log, in their order. */
  readonly recordedOf: (planId: string) => Promise<readonly Recorded[]>;
  /** Incidents of before that are like one. */
  readonly similarTo: (incidentId: string) => Promise<readonly Similar[]>;
  readonly log: Logger;
}

/** The card of a plan in its incident's thread, and its copies in direct messages. */
export interface Cards {
  /**
   * Brings the card, the files that it refers to and its copies up to date. Throws what the poster throws of the card itself; files and
   * copies hold up nothing. A plan that was replaced before anybody saw it is not shown. `place`: the incident's thread, null where it has none.
   */
  show(place: Place | null, stored: StoredPlan): Promise<void>;
  /** The same card as a direct message to a person, whose Slack user is given. `thread`: of the incident. Throws what the poster throws. */
  copy(person: string, user: string, thread: Place | null, stored: StoredPlan): Promise<SlackPost>;
  /** The whole diffs of a plan that are files, by step id. */
  filesOf(plan: Plan): Promise<ReadonlyMap<string, ShownFile>>;
}

/** Milliseconds after which what is left of a plan's diffs waits for the next time that its card is shown. */
const sharingMs = 12_000;

const mainKey = (planId: string) => `plan:${planId}:card`;
const copyPrefix = (planId: string) => `${mainKey(planId)}:`;
const fileKey = (planId: string, stepId: string) => `plan:${planId}:diff:${stepId}`;

function filename(plan: Plan, step: LongStep): string {
  return `plan-${plan.id.slice(0, 8)}-${step.id}.diff`.replaceAll(/[^\w.-]/g, '-');
}

/** Names what the diff belongs to, so that it can be checked against the card. */
function fileTitle(plan: Plan, step: LongStep): string {
  const position = plan.steps.indexOf(step) + 1;
  return `Plan ${plan.id}, step ${position}: dry run of ${step.operation} on ${step.site}, digest ${shortId(step.dryRun.digest)}`;
}

export function createCards(options: CardsOptions): Cards {
  const { client, poster, posts, files, snippets, redact, links, nameOf, groupsOf, recordedOf, similarTo, log } = options;
  const identity = createIdentity(client);

  async function filesOf(plan: Plan): Promise<ReadonlyMap<string, ShownFile>> {
    const long = longSteps(plan);
    if (long.length === 0) return new Map();
    const shared = await files.shared(long.map(({ id }) => fileKey(plan.id, id)));
    return new Map(
      long.flatMap((step) => {
        const file = shared.get(fileKey(plan.id, step.id));
        return file === undefined ? [] : [[step.id, { name: filename(plan, step), url: file.permalink }] as const];
      }),
    );
  }

  /** True when there are files that were not there before. The first one that Slack does not take is the last one tried. */
  async function shareDiffs(place: Place, plan: Plan, present: ReadonlyMap<string, ShownFile>): Promise<boolean> {
    const until = Date.now() + sharingMs;
    const missing = longSteps(plan).filter(({ id }) => !present.has(id));
    let some = false;
    for (const step of missing) {
      const snippet = { filename: filename(plan, step), title: fileTitle(plan, step), syntax: 'diff', text: step.dryRun.diff };
      if (Date.now() > until || !(await snippets.share(fileKey(plan.id, step.id), place, snippet))) break;
      some = true;
    }
    return some;
  }

  /** Approvals so far from each group that the plan needs some from. */
  async function givenIn({ plan, votes }: StoredPlan): Promise<ReadonlyMap<string, number>> {
    if (plan.approval.groups.length === 0) return new Map();
    const groups = await Promise.all(approvers(votes).map(groupsOf));
    return new Map(plan.approval.groups.map(({ group }) => [group, groups.filter((own) => own.includes(group)).length]));
  }

  async function render(shown: StoredPlan, present: ReadonlyMap<string, ShownFile>, thread: string | null): Promise<MessageView> {
    const recorded = await recordedOf(shown.plan.id);
    if (shown.state !== 'pending') return settledCard(shown, links, nameOf, { thread, recorded });
    const tried = triedInVain(shown.plan, await similarTo(shown.plan.incidentId));
    return planCard(shown, links, nameOf, { files: present, given: await givenIn(shown), thread, recorded, tried });
  }

  async function addressOf(place: Place | null): Promise<string | null> {
    if (place === null || place.threadTs === null) return null;
    return permalink(await identity(), place.channel, place.threadTs);
  }

  async function refreshCopies(place: Place | null, shown: StoredPlan, present: ReadonlyMap<string, ShownFile>): Promise<void> {
    const copies = await posts.under(copyPrefix(shown.plan.id));
    if (copies.length === 0) return;
    const view = await render(shown, present, await addressOf(place));
    const update = ({ key, channel }: { key: string; channel: string }) => poster.upsert(key, { channel, threadTs: null }, { view });
    const results = await Promise.allSettled(copies.map(update));
    for (const result of results)
      if (result.status === 'rejected') log.warn({ err: result.reason, planId: shown.plan.id }, 'a copy of a card could not be updated');
  }

  /** The card first: it waits for no file. */
  async function showMain(place: Place, shown: StoredPlan, present: ReadonlyMap<string, ShownFile>) {
    const key = mainKey(shown.plan.id);
    if (shown.state === 'superseded' && (await posts.find(key)) === null) return present;
    await poster.upsert(key, place, { view: await render(shown, present, null) });
    if (shown.state !== 'pending' || !(await shareDiffs(place, shown.plan, present))) return present;
    const all = await filesOf(shown.plan);
    await poster.upsert(key, place, { view: await render(shown, all, null) });
    return all;
  }

  return {
    filesOf,
    async show(place, stored) {
      const shown = redactData(stored, redact);
      const present = await filesOf(shown.plan);
      const [main] = await Promise.allSettled([place === null ? present : showMain(place, shown, present)]);
      await refreshCopies(place, shown, main.status === 'fulfilled' ? main.value : present);
      if (main.status === 'rejected') throw main.reason;
    },
    async copy(person, user, thread, stored) {
      const shown = redactData(stored, redact);
      const [place, present] = await Promise.all([directMessage(client, user), filesOf(shown.plan)]);
      const view = await render(shown, present, await addressOf(thread));
      return poster.upsert(`${copyPrefix(shown.plan.id)}${person}`, place, { view });
    },
  };
}
