import { z } from 'zod';
import { dataClasses, Provider as ProviderName } from '../../policy/contract/egress.ts';
import { modelTasks } from '../../workflows/model.ts';

const Common = {
  name: ProviderName.regex(/^[a-z0-9][a-z0-9-]*$/, 'lower-case letters, digits and dashes').describe(
    'As routes, prices and egress name it.',
  ),
};

/** Keys of `openai` and `anthropic` come from the environment; a `compatible` one's from a file. */
export const LlmProvider = z.discriminatedUnion('kind', [
  z.strictObject({ ...Common, kind: z.literal('openai') }),
  z.strictObject({ ...Common, kind: z.literal('anthropic') }),
  z.strictObject({ ...Common, kind: z.literal('openai-codex') }),
  z.strictObject({
    ...Common,
    kind: z.literal('compatible'),
    baseUrl: z.url({ protocol: /^https?$/ }).describe('Ends before /responses or /chat/completions.'),
    api: z.enum(['responses', 'chat']).default('chat'),
    apiKeyFile: z.string().min(1).optional().describe('File that holds the key; none is sent when absent.'),
  }),
]);
export type LlmProvider = z.infer<typeof LlmProvider>;

const Route = z.strictObject({
  provider: ProviderName,
  model: z.string().min(1).max(200),
  maxOutputTokens: z.number().int().min(64).max(200_000).default(8_192),
  maxInputTokens: z.number().int().min(1_000).max(2_000_000).default(60_000).describe('What is ranked lowest is left out beyond it.'),
  timeoutSeconds: z.number().int().min(1).max(600).default(90),
});
export type Route = z.infer<typeof Route>;

const Price = z.strictObject({
  input: z.number().nonnegative(),
  cachedInput: z.number().nonnegative().optional().describe('As `input` when absent.'),
  cacheWrite: z
    .number()
    .nonnegative()
    .optional()
    .describe('Of what is written to a cache, where that is told: 1.25 of `input` when absent.'),
  output: z.number().nonnegative(),
});

const Budget = z.strictObject({
  tokens: z.number().int().nonnegative().optional(),
  usd: z.number().nonnegative().optional(),
});

export const Pseudonyms = z.strictObject({
  people: z.boolean().default(true).describe('Names, e-mail addresses and account ids of people.'),
  addresses: z.boolean().default(true).describe('IP addresses.'),
  domains: z
    .array(z.string().regex(/^[a-z0-9.-]+$/i))
    .default([])
    .describe('Internal domains: names in them, and they themselves.'),
  hosts: z.array(z.string().min(3)).default([]).describe('Host names, or beginnings of host names with a * at the end.'),
});
export type Pseudonyms = z.infer<typeof Pseudonyms>;

/** No secret goes to a provider: the class cannot be named. */
export const Llm = z.strictObject({
  providers: z.array(LlmProvider).max(20).default([]),
  routes: z
    .partialRecord(z.enum(modelTasks), z.array(Route).min(1).max(10))
    .default({})
    .describe('By task, what is asked first, and what when that fails. A task without a route is done without a model.'),
  prices: z
    .record(z.string(), Price)
    .default({})
    .describe('By provider/model, US dollars per million tokens. With a budget in dollars, what has no price is not asked.'),
  budgets: z
    .strictObject({ incident: Budget.prefault({}), day: Budget.prefault({}), person: Budget.prefault({}) })
    .prefault({ incident: { tokens: 1_000_000 }, day: { tokens: 10_000_000 } })
    .describe('Enforced before a call: per incident, per day (UTC), and per person and day.'),
  pseudonyms: Pseudonyms.prefault({}).describe('Replaced by stable names before anything leaves, and put back into the answer.'),
  investigation: z
    .strictObject({
      rounds: z.number().int().min(1).max(10).default(4),
      callsPerRound: z.number().int().min(1).max(16).default(6),
    })
    .prefault({}),
  promptDays: z.number().int().min(1).max(3_650).default(30).describe('Days for which prompts are kept, encrypted.'),
  egress: z
    .array(z.strictObject({ provider: ProviderName, classes: z.array(z.enum(dataClasses)).min(1) }))
    .max(100)
    .default([])
    .describe('Which classes of data may go to which provider of language models; nothing else goes anywhere.'),
});
export type Llm = z.infer<typeof Llm>;

/** What the parts name and nothing else defines. */
export function llmProblems(llm: Llm): string[] {
  const names = llm.providers.map(({ name }) => name);
  const duplicates = names.filter((name, index) => names.indexOf(name) !== index).map((name) => `llm: provider ${name} is listed twice`);
  const routes = Object.entries(llm.routes).flatMap(([task, list]) =>
    list
      .filter(({ provider }) => !names.includes(provider))
      .map(({ provider }) => `llm.routes.${task}: provider ${provider} is not listed under llm.providers`),
  );
  const money = [llm.budgets.incident, llm.budgets.day, llm.budgets.person].some(({ usd }) => usd !== undefined);
  const priced = Object.entries(llm.routes).flatMap(([task, list]) =>
    list
      .filter(({ provider, model }) => money && llm.prices[`${provider}/${model}`] === undefined)
      .map(({ provider, model }) => `llm.routes.${task}: a budget is in dollars, and llm.prices has no price of ${provider}/${model}`),
  );
  return [...duplicates, ...routes, ...priced];
}
