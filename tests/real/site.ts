import { randomBytes, randomUUID } from 'node:crypto';
import { pino } from 'pino';
import { findBinaries } from '../../tools/binaries.ts';
import { contentHash } from '../../tools/canonical.ts';
import { contractVersion, type Expectation, type Observation, type ToolAnswer } from '../../tools/contract.ts';
import { createExecute } from '../../tools/execute.ts';
import { explain, holds } from '../../tools/expect.ts';
import { createGrantVerifier, signGrant } from '../../tools/grant.ts';
import { generateGrantKeys, importGrantPrivateKey, importGrantPublicKey } from '../../tools/grant-keys.ts';
import { holdCredentials } from '../../tools/held/hold.ts';
import { createGrowingRedactor } from '../../tools/redaction/index.ts';
import { createRegistry } from '../../tools/registry.ts';
import type { AccountRights } from '../../tools/report.ts';
import { askRights } from '../../tools/rights.ts';
import { createRun } from '../../tools/run.ts';
import { createRunner } from '../../tools/runner.ts';
import type { Site, SystemSettings } from '../../tools/site.ts';
import { programs } from '../../tools/systems.ts';
import { until } from './processes.ts';

type Input = Record<string, unknown>;

/** The real runner of a site, with an issuer of grants; ledger and observations are kept in memory. */
export interface TestSite {
  read(operation: string, input: Input): Promise<ToolAnswer>;
  dryRun(operation: string, input: Input): Promise<ToolAnswer>;
  /** Runs with a fresh grant for exactly this input. */
  write(operation: string, input: Input): Promise<ToolAnswer>;
  /** Runs with a grant that was issued before, or with none. */
  writeWith(grant: string | undefined, operation: string, input: Input): Promise<ToolAnswer>;
  grantFor(operation: string, input: Input): Promise<string>;
  /** Output of a read that has to succeed. */
  output<T>(operation: string, input: Input): Promise<T>;
  /** Asks until everything expected holds; resolves to the output for which it did. */
  reaches(operation: string, input: Input, expectations: readonly Expectation[], withinMs?: number): Promise<unknown>;
  observationOf(answer: ToolAnswer): Observation;
  /** What the two accounts of each system may do, as a runner reports it. */
  rights(): Promise<readonly AccountRights[]>;
  /** Of the login of its own; where there is none, nothing has to be stopped. */
  stop(): Promise<void>;
}

export type SiteOptions = SystemSettings & Partial<Pick<Site, 'binaries' | 'credentials'>>;

/** Programs are looked up on PATH unless `binaries` says which there are. `now`: of the credentials that are in no file. */
export async function createTestSite(options: SiteOptions, now = () => new Date()): Promise<TestSite> {
  const binaries = options.binaries ?? (await findBinaries(programs, process.env['PATH'] ?? ''));
  const registry = createRegistry();
  const keys = await generateGrantKeys();
  const privateKey = await importGrantPrivateKey(keys.privateKey);
  const observations = new Map<string, Observation>();
  const claimed = new Set<string>();
  const log = pino({ level: 'silent' });
  const redactor = createGrowingRedactor([], randomBytes(32));
  const own: Site = { ...options, name: 'real', environment: 'test', binaries };
  const { site, stop } = holdCredentials({ site: own, variables: {}, redactor, now });
  const run = createRun({ log });
  const runner = createRunner({
    ...{ site, log, registry, run, redactor },
    grants: createGrantVerifier(new Map([['test', await importGrantPublicKey(keys.publicKey)]])),
    ledger: {
      claim: async ({ jti }) => {
        if (claimed.has(jti)) return 'already_claimed';
        claimed.add(jti);
        return 'claimed';
      },
    },
    refusals: { report: async () => {} },
    observations: {
      put: async (observation) => {
        const id = contentHash(observation);
        observations.set(id, observation);
        return id;
      },
    },
    now: () => new Date(),
  });

  const call = (operation: string, input: Input, mode: 'run' | 'dry_run', grant?: string): Promise<ToolAnswer> =>
    runner.call({
      ...{
        version: contractVersion,
        callId: randomUUID(),
        incidentId: 'real',
        site: site.name,
        operation,
        input,
        mode,
        registry: registry.hash,
      },
      deadline: new Date(Date.now() + 60_000).toISOString(),
      ...(grant === undefined ? {} : { grant }),
    });
  const grantFor = (operation: string, input: Input): Promise<string> => {
    const iat = Math.floor(Date.now() / 1000);
    const hash = contentHash({ operation, input });
    const claims = { jti: randomUUID(), iat, exp: iat + 60, requestHash: hash, planId: 'plan', stepId: 'step', operation };
    return signGrant({ ...claims, inputSha256: contentHash(input), site: site.name, policyBundle: hash }, privateKey, 'test');
  };
  const observationOf = (answer: ToolAnswer): Observation => {
    const found = answer.observation === null ? undefined : observations.get(answer.observation);
    if (found === undefined) throw new Error(`no observation: ${JSON.stringify(answer)}`);
    return found;
  };
  const output = async <T>(operation: string, input: Input): Promise<T> => {
    const answer = await call(operation, input, 'run');
    if (answer.status === 'error') throw new Error(`${operation}: ${answer.code}: ${answer.message}`);
    return observationOf(answer).output as T;
  };
  return {
    read: (operation, input) => call(operation, input, 'run'),
    dryRun: (operation, input) => call(operation, input, 'dry_run'),
    write: async (operation, input) => call(operation, input, 'run', await grantFor(operation, input)),
    writeWith: (grant, operation, input) => call(operation, input, 'run', grant),
    grantFor,
    output,
    reaches: (operation, input, expectations, withinMs = 40_000) =>
      until(`${operation} as expected`, withinMs, async () => {
        const now = await output(operation, input);
        const unmet = expectations.filter((expectation) => !holds(expectation, now));
        if (unmet.length > 0) throw new Error(unmet.map((expectation) => explain(expectation, now)).join('; '));
        return now;
      }),
    observationOf,
    stop,
    rights: () => askRights({ site, redactor, execute: createExecute({ site, run, redactor, now: () => new Date() }) }),
  };
}
