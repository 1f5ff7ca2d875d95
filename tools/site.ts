import { z } from 'zod';
import { settings as alertmanager } from './alertmanager/settings.ts';
import { settings as argocd } from './argocd/settings.ts';
import { settings as aws } from './aws/settings.ts';
import { settings as boundary } from './boundary/settings.ts';
import { SiteName } from './contract.ts';
import { settings as github } from './github/settings.ts';
import { settings as gitlab } from './gitlab/settings.ts';
import { settings as grafana } from './grafana/settings.ts';
import { VaultLogin } from './held/settings.ts';
import { settings as helm } from './helm/settings.ts';
import { settings as kubernetes } from './kubernetes/settings.ts';
import { SystemLimits } from './limits.ts';
import { settings as probe } from './probe/settings.ts';
import { settings as prometheus } from './prometheus/settings.ts';
import { settings as tempo } from './tempo/settings.ts';
import { settings as thanos } from './thanos/settings.ts';
import { settings as vault } from './vault/settings.ts';

/** Settings of each system, by the name that its operations begin with. */
const systems = { kubernetes, prometheus, alertmanager, helm, argocd, github, gitlab, probe, thanos, tempo, grafana, vault, boundary, aws };

export type SystemName = keyof typeof systems;

/** What a site has of a system; undefined: it is not used there. */
export const SystemSettings = z.strictObject(systems).partial();
export type SystemSettings = Readonly<z.infer<typeof SystemSettings>>;

/** Where operations run, and with what. */
export const Site = z.strictObject({
  name: SiteName,
  environment: z.string().min(1).default('production'),
  ...SystemSettings.shape,
  credentials: z
    .strictObject({ vault: VaultLogin.optional() })
    .optional()
    .describe('Where credentials are looked up that stand in no file.'),
  limits: z
    .partialRecord(z.enum(Object.keys(systems) as [SystemName, ...SystemName[]]), SystemLimits)
    .optional()
    .describe('By system: how many calls a runner makes to it at once, and how many wait for how long.'),
  binaries: z
    .record(z.string(), z.string().regex(/^\//, 'must be an absolute path'))
    .default({})
    .describe('Absolute paths of CLIs; others are looked up on PATH.'),
});
/** A runner's own names in `binaries` every program that it starts: what is not named there is not run. */
export type Site = z.infer<typeof Site>;
