import { z } from 'zod';
import type { Environment } from '../config-environment.ts';
import type { ConfigFile } from '../config-file.ts';
import { PeerRefused } from '../mirrors/errors.ts';
import { createLimits } from '../mirrors/pagerduty/limits.ts';
import { type Rest, userIdOf } from '../mirrors/pagerduty/lookups.ts';
import { callRest } from '../mirrors/pagerduty/request.ts';
import { pagerDutyPlace } from '../roles/places.ts';
import { type Finding, fine, isAway, problem, wordsOf } from './finding.ts';

const Service = z.object({ service: z.object({ name: z.string() }) });
const Subscriptions = z.object({
  webhook_subscriptions: z.array(
    z.object({
      active: z.boolean(),
      events: z.array(z.string()),
      delivery_method: z.object({ url: z.string().nullish(), temporarily_disabled: z.boolean().nullish() }),
    }),
  ),
});

async function checkSender(rest: Rest, email: string): Promise<Finding> {
  if ((await userIdOf(rest, email)) !== null) return fine('PagerDuty', `the key is good; we write as ${email}`);
  return problem('PagerDuty', `no user has the address ${email}`, 'set PAGERDUTY_FROM_EMAIL to the address of a user of the account');
}

async function checkService(rest: Rest, { name, pagerduty }: ConfigFile['services'][number]): Promise<Finding> {
  const title = `PagerDuty service of ${name}`;
  if (pagerduty === undefined) return fine(title, 'none is configured: its pages are told apart by their title');
  try {
    const found = await rest({ method: 'get', path: `/services/${encodeURIComponent(pagerduty)}`, answer: Service });
    return fine(title, `${pagerduty} is ${found.service.name}`);
  } catch (error) {
    if (!(error instanceof PeerRefused)) throw error;
    const todo = `copy the id from the address of the service's page (PagerDuty → Services → Service Directory) into services[].pagerduty of ${name}`;
    return problem(title, `there is no service ${pagerduty}`, todo);
  }
}

/** Without these an incident is not opened, or its end is not heard of. */
const needed = ['incident.triggered', 'incident.acknowledged', 'incident.resolved', 'incident.reopened'];

async function checkSubscription(rest: Rest, env: Environment): Promise<Finding> {
  const name = 'PagerDuty webhook';
  const path = '/webhooks/pagerduty';
  const url = env.PUBLIC_URL === undefined ? `https://YOUR-HOST${path}` : new URL(path, env.PUBLIC_URL).href;
  const make = `PagerDuty → Integrations → Generic Webhooks (v3) → New Webhook: URL ${url}, scope Account, all incident events; the secret that it shows once is PAGERDUTY_WEBHOOK_SECRET`;
  if (env.PAGERDUTY_WEBHOOK_SECRET === undefined) return problem(name, 'PAGERDUTY_WEBHOOK_SECRET is not set: pages open nothing', make);
  const answer = await rest({ method: 'get', path: '/webhook_subscriptions', data: { limit: 100 }, answer: Subscriptions });
  const to = (one: string | null | undefined) => (env.PUBLIC_URL === undefined ? one?.endsWith(path) === true : one === url);
  const ours = answer.webhook_subscriptions.filter(({ delivery_method }) => to(delivery_method.url));
  if (ours.length === 0) return problem(name, `there is none to ${url}`, make);
  const on = ours.filter(({ active, delivery_method }) => active && delivery_method.temporarily_disabled !== true);
  if (on.length === 0)
    return problem(name, 'it is disabled', `PagerDuty → Integrations → Generic Webhooks (v3) → ${url}: enable it again, and send a test`);
  const missing = needed.filter((event) => !on.some(({ events }) => events.includes(event)));
  if (missing.length > 0) return problem(name, `it does not tell of ${missing.join(', ')}`, `add these events to the webhook to ${url}`);
  return fine(name, `${url} is told of incidents`);
}

/** Who has a user there but no e-mail cannot acknowledge in their own name. */
function checkPeople({ people }: ConfigFile): readonly Finding[] {
  const without = people.filter(({ pagerduty, email }) => pagerduty !== undefined && email === undefined).map(({ id }) => id);
  if (without.length === 0) return [];
  const detail = `${without.join(', ')}: a pagerduty id, but no email; what they do in Slack is not acknowledged in their name`;
  return [
    problem(
      'PagerDuty people',
      detail,
      `add to each of them under people in watchkeeper.yaml: email: ADDRESS, as their PagerDuty user has it`,
    ),
  ];
}

/** The key, who we write as, the services, the webhook, the people. Reads only. */
export async function checkPagerDuty(env: Environment, file: ConfigFile): Promise<readonly Finding[]> {
  const place = pagerDutyPlace(env);
  if (place === null) return [fine('PagerDuty', 'embedded: PAGERDUTY_API_TOKEN and PAGERDUTY_FROM_EMAIL are not both set')];
  const settings = { ...place, apiUrl: place.apiUrl.replace(/\/$/, ''), timeoutMs: 10_000, limits: createLimits(Date.now) };
  const rest: Rest = (call) => callRest(settings, call);
  try {
    const sender = await checkSender(rest, place.fromEmail);
    const services: Finding[] = [];
    for (const service of file.services) services.push(await checkService(rest, service));
    return [sender, ...services, await checkSubscription(rest, env), ...checkPeople(file)];
  } catch (error) {
    const key = 'make a new key (PagerDuty → Integrations → API Access Keys) and set PAGERDUTY_API_TOKEN; for the EU set PAGERDUTY_API_URL';
    const reach = `see that PagerDuty can be reached from here: curl -sSI ${settings.apiUrl}; or correct PAGERDUTY_API_URL`;
    return [problem('PagerDuty', wordsOf(error), isAway(error) ? reach : key)];
  }
}
