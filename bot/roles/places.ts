import type { Environment } from '../config-environment.ts';
import type { ConfigFile } from '../config-file.ts';
import { secretsIn } from '../pagerduty/webhook-secrets.ts';
import type { PagerDutyInbound } from './alerts.ts';
import type { SignInPlace } from './identity.ts';
import type { LinearInbound } from './linear-labels.ts';
import type { LinearPlace, PagerDutyPlace } from './mirror.ts';
import type { SlackTokens } from './slack.ts';

/** Real peers as the environment names them; null: not named. */
export function slackPlace(env: Environment): SlackTokens | null {
  if (env.SLACK_BOT_TOKEN === undefined) return null;
  return { bot: env.SLACK_BOT_TOKEN, app: env.SLACK_APP_TOKEN, signingSecret: env.SLACK_SIGNING_SECRET, apiUrl: env.SLACK_API_URL };
}

export function linearPlace(env: Environment): LinearPlace | null {
  if (env.LINEAR_API_KEY === undefined || env.LINEAR_TEAM_KEY === undefined) return null;
  return { apiUrl: env.LINEAR_API_URL, apiKey: env.LINEAR_API_KEY, teamKey: env.LINEAR_TEAM_KEY };
}

/** For the bot, which takes votes by label. */
export function linearInbound(env: Environment): LinearInbound | null {
  const place = linearPlace(env);
  return place === null ? null : { ...place, webhookSecret: env.LINEAR_WEBHOOK_SECRET ?? null };
}

/** For the bot, where people sign in. */
export function signInPlace(env: Environment, { oidc }: ConfigFile): SignInPlace | null {
  if (env.OIDC_ISSUER === undefined || env.OIDC_CLIENT_ID === undefined) return null;
  return {
    issuer: env.OIDC_ISSUER,
    clientId: env.OIDC_CLIENT_ID,
    clientSecret: env.OIDC_CLIENT_SECRET ?? null,
    cliClientId: oidc.cliClientId ?? env.OIDC_CLIENT_ID,
  };
}

export function pagerDutyPlace(env: Environment): PagerDutyPlace | null {
  if (env.PAGERDUTY_API_TOKEN === undefined || env.PAGERDUTY_FROM_EMAIL === undefined) return null;
  return {
    apiUrl: env.PAGERDUTY_API_URL,
    eventsUrl: env.PAGERDUTY_EVENTS_URL,
    token: env.PAGERDUTY_API_TOKEN,
    fromEmail: env.PAGERDUTY_FROM_EMAIL,
    routingKey: env.PAGERDUTY_ROUTING_KEY ?? null,
  };
}

/** For the bot, which takes PagerDuty's webhooks. */
export function pagerDutyInbound(env: Environment): PagerDutyInbound {
  return { secrets: secretsIn(env.PAGERDUTY_WEBHOOK_SECRET), place: pagerDutyPlace(env) };
}
