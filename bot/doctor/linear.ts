import { z } from 'zod';
import type { Environment } from '../config-environment.ts';
import { type Api, createApi } from '../mirrors/linear/api.ts';
import { createLinearClient } from '../mirrors/linear/client.ts';
import { assistantLabels } from '../mirrors/linear/labels.ts';
import { labelsByName, teamByKey } from '../mirrors/linear/queries.ts';
import { linearPlace } from '../roles/places.ts';
import { type Confirm, type Finding, fine, isAway, problem, wordsOf } from './finding.ts';

const nodes = <T>(node: z.ZodType<T>) => z.object({ nodes: z.array(node) });

const whoAndWhere = {
  document: 'query whoAndWhere { viewer { name } teams(first: 250) { nodes { key } } }',
  answer: z.object({ viewer: z.object({ name: z.string() }), teams: nodes(z.object({ key: z.string() })) }),
};
const webhooksOf = {
  document: 'query webhooks { webhooks(first: 250) { nodes { url enabled resourceTypes } } }',
  answer: z.object({ webhooks: nodes(z.object({ url: z.string().nullable(), enabled: z.boolean(), resourceTypes: z.array(z.string()) })) }),
};

/** Labels that the team lacks are made, if somebody says so. */
async function checkLabels(api: Api, env: Environment, teamKey: string, confirm: Confirm): Promise<Finding> {
  const name = 'Linear labels';
  const place = linearPlace(env);
  const teamId = (await api.read(teamByKey, { key: teamKey })).teams.nodes[0]?.id;
  const { issueLabels } = await api.read(labelsByName, { names: [...assistantLabels] });
  const there = new Set(issueLabels.nodes.filter(({ team }) => team === null || team.id === teamId).map((label) => label.name));
  const missing = assistantLabels.filter((label) => !there.has(label));
  if (missing.length === 0) return fine(name, `all ${assistantLabels.length} are there`);
  if (place !== null && (await confirm(`Make ${missing.length} labels in the Linear team ${teamKey} (${missing.join(', ')})?`))) {
    await createLinearClient(place).labelIds(assistantLabels);
    return fine(name, `made ${missing.join(', ')}`);
  }
  return problem(name, `the team ${teamKey} lacks ${missing.join(', ')}`, 'run: watchkeeper doctor --yes, or leave it to the first plan');
}

const webhookPlace = 'Linear → Settings → API → Webhooks → New webhook';

async function checkWebhook(api: Api, env: Environment): Promise<Finding> {
  const name = 'Linear webhook';
  const path = '/webhooks/linear';
  const url = env.PUBLIC_URL === undefined ? `https://YOUR-HOST${path}` : new URL(path, env.PUBLIC_URL).href;
  const make = `${webhookPlace}: URL ${url}, data change events Issues (for agent sessions: in the app's own settings); its signing secret is LINEAR_WEBHOOK_SECRET`;
  if (env.LINEAR_WEBHOOK_SECRET === undefined) return problem(name, 'LINEAR_WEBHOOK_SECRET is not set: labels do not vote', make);
  let found: z.infer<typeof webhooksOf.answer>['webhooks']['nodes'];
  try {
    found = (await api.read(webhooksOf, {})).webhooks.nodes;
  } catch {
    // Only administrators may list them, and apps have their own.
    return fine(name, `this key may not list webhooks: see for yourself that there is one to ${url}`);
  }
  const ours = found.filter((one) => (env.PUBLIC_URL === undefined ? one.url?.endsWith(path) : one.url === url));
  if (ours.length === 0) return problem(name, `there is none to ${url}`, make);
  const on = ours.filter(({ enabled }) => enabled);
  if (on.length === 0) return problem(name, 'it is disabled', `Linear → Settings → API → Webhooks → ${url}: enable it`);
  if (!on.some(({ resourceTypes }) => resourceTypes.includes('Issue'))) return problem(name, 'it does not tell of issues', make);
  return fine(name, `${url} is told of issues`);
}

/** The key, the team, the labels and the webhook. Reads only, but for labels that `confirm` wants. */
export async function checkLinear(env: Environment, confirm: Confirm): Promise<readonly Finding[]> {
  const place = linearPlace(env);
  if (place === null) return [fine('Linear', 'embedded: LINEAR_API_KEY and LINEAR_TEAM_KEY are not both set')];
  const api = createApi(place);
  try {
    const { viewer, teams } = await api.read(whoAndWhere, {});
    const keys = teams.nodes.map(({ key }) => key);
    if (!keys.includes(place.teamKey))
      return [
        problem('Linear', `there is no team ${place.teamKey}`, `set LINEAR_TEAM_KEY to one of ${keys.join(', ') || '(none can be seen)'}`),
      ];
    const about = fine('Linear', `the key is that of ${viewer.name}, and sees the team ${place.teamKey}`);
    return [about, await checkLabels(api, env, place.teamKey, confirm), await checkWebhook(api, env)];
  } catch (error) {
    const key = 'make a new key (Linear → Settings → Security & access → Personal API keys) and set LINEAR_API_KEY';
    const reach = `see that Linear can be reached from here: curl -sSI ${place.apiUrl}; or correct LINEAR_API_URL`;
    return [problem('Linear', wordsOf(error), isAway(error) ? reach : key)];
  }
}
