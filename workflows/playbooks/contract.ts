import { z } from 'zod';
import { OperationName, SiteName } from '../../tools/contract.ts';
import { longestExpression } from './cel.ts';

const Name = z.string().regex(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/, 'must be lower-case letters, digits and dashes');
const Word = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]{0,62}$/, 'must be a word of letters, digits and _');
const Cause = z.string().regex(/^[a-z][a-z0-9_]{0,62}$/, 'must be the cause of a finding, e.g. crash_loop');
const Condition = z.string().min(1).max(longestExpression).describe('CEL, true or false.');
const Text = (most: number) => z.string().min(1).max(most);
const Templated = 'Values of `{{ CEL }}` are filled in.';

const Value: z.ZodType<unknown> = z.json();
const Input = z.record(z.string(), Value).describe(`What the operation takes. ${Templated}`);

const When = z.strictObject({
  causes: z.array(Cause).min(1).max(80).optional().describe('Any of these causes; left out: any.'),
  confidence: z.number().min(0).max(1).describe('The finding must be at least so sure, 0 to 1.'),
  kinds: z.array(Text(60)).min(1).max(20).optional().describe('The entity is one of these, e.g. deployment.'),
  facts: z.array(Word).max(20).default([]).describe('Facts that the finding must have.'),
  services: z.array(Text(200)).min(1).max(100).optional().describe('The entity is one of these configured services.'),
  alerts: z.record(Word, Text(500)).optional().describe('An alert of the incident has all of these labels.'),
  if: Condition.optional(),
});

const Observe = z.strictObject({
  as: Word.describe('Its output is reads.NAME in expressions.'),
  title: Text(200).describe('Shown while it runs.'),
  operation: OperationName.describe('A registered read.'),
  input: Input,
});

const Within = z.int().min(1).max(3_600).default(120).describe('Seconds until it must hold.');
const Stable = z.int().min(0).max(900).default(30).describe('Stabilisation: seconds for which it must go on holding.');

const MetricCheck = z
  .strictObject({
    title: Text(200).describe(Templated),
    query: Text(1_000).describe(`PromQL with one value. ${Templated} Only names, numbers and versions are.`),
    below: z.number().optional(),
    above: z.number().optional(),
    within: Within,
    stable: Stable,
  })
  .refine(({ below, above }) => below !== undefined || above !== undefined, 'needs below or above');

const ServiceCheck = z.strictObject({
  service: z.literal('error_rate').describe("The service's own errorRateQuery, where it has one, is below its errorRateLimit."),
  stable: Stable,
});

const Step = z.strictObject({
  operation: OperationName.describe('A registered write.'),
  input: Input,
  verify: z
    .array(z.union([ServiceCheck, MetricCheck]))
    .max(5)
    .default([])
    .describe('Checks beyond those that the operation demands.'),
});

const Propose = z.strictObject({
  if: Condition.optional().describe('CEL over what was observed, too: without it there is no plan.'),
  goal: Text(300).describe(Templated),
  steps: z.array(Step).min(1).max(10),
});

const Conclude = z.strictObject({
  says: Text(800).describe(`What it means, for people. ${Templated}`),
  ask: z.array(Text(300)).max(5).default([]).describe(`What people have to decide or find out. ${Templated}`),
});

const Fact = z.union([z.string(), z.number(), z.boolean()]);
export const GivenFinding = z.strictObject({
  cause: Cause,
  confidence: z.number().min(0).max(1).default(0.9),
  entity: z.strictObject({
    site: SiteName.default('example'),
    kind: z.string(),
    namespace: z.string().nullable().default(null),
    name: z.string(),
  }),
  facts: z.record(z.string(), Fact).default({}),
});
export type GivenFinding = z.infer<typeof GivenFinding>;

export const Given = {
  labels: z.record(z.string(), z.string()).default({}).describe('Of an alert of the incident.'),
  reads: z.record(z.string(), Value).default({}).describe('Output of what is observed, by name.'),
};

const Example = z.strictObject({ finding: GivenFinding, ...Given });
export type Example = z.infer<typeof Example>;

/** One file: when it applies, what to observe, what to conclude, and which plan to propose. */
export const Playbook = z
  .strictObject({
    name: Name.describe('As the file is called, without .yaml.'),
    summary: Text(300),
    when: When,
    observe: z.array(Observe).max(5).default([]),
    propose: Propose.optional(),
    conclude: Conclude.optional().describe('Said where there is no plan; nobody else drafts one then.'),
    examples: z.array(Example).max(10).default([]).describe('Where it applies: what it makes of them is checked whenever it is loaded.'),
  })
  .refine(({ propose, conclude }) => propose !== undefined || conclude !== undefined, 'needs propose or conclude')
  .refine(
    ({ propose, examples }) => propose === undefined || examples.length > 0,
    'what is proposed needs an example, so that its inputs can be checked',
  )
  .refine(({ observe }) => new Set(observe.map((one) => one.as)).size === observe.length, 'two reads have one name');
export type Playbook = z.infer<typeof Playbook>;
