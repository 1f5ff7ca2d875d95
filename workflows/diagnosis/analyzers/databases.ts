import type { Finding } from '../../contracts/finding.ts';
import { finding } from '../build.ts';
import { databaseOf, isDatabase } from '../databases.ts';
import { podEvents, podsOf, workloadEntity } from '../look.ts';
import type { SeenLogTemplate } from '../model/signals.ts';
import type { SeenWorkload } from '../model/workload.ts';
import type { Snapshot } from '../snapshot.ts';

interface Kind {
  readonly cause: string;
  /** Whose fault it is: the program that asks, or the database. */
  readonly at: 'client' | 'server';
  readonly pattern: RegExp;
  readonly says: string;
  readonly refutedBy: string;
}

/** In the words of MySQL, PostgreSQL, Redis and MongoDB, and of their drivers; the first that fits a log. */
const kinds: readonly Kind[] = [
  {
    cause: 'database_connections',
    at: 'server',
    pattern: /too many connections|too many clients|remaining connection slots|max number of clients reached|ERROR 1040/i,
    says: 'has no connection left to give',
    refutedBy: 'It takes new connections.',
  },
  {
    cause: 'database_read_only',
    at: 'server',
    pattern:
      /--(super-)?read-only|cannot execute [^\n]{0,60}read.only transaction|READONLY You can't write|SQL Error: 1290|not master and slaveOk|server is read.only/i,
    says: 'only allows reads',
    refutedBy: 'It takes writes.',
  },
  {
    cause: 'database_credentials',
    at: 'client',
    pattern:
      /access denied for user|password authentication failed|WRONGPASS|NOAUTH|(mongo|redis|sql|postgres)[\s\S]{0,200}authentication failed|invalid username.password/i,
    says: 'is refused by its database: its credentials are wrong',
    refutedBy: 'The database accepts its credentials.',
  },
  {
    cause: 'database_name',
    at: 'client',
    pattern: /unknown database|database ".*" does not exist/i,
    says: 'asks for a database that does not exist',
    refutedBy: 'The database exists.',
  },
  {
    cause: 'database_host',
    at: 'client',
    pattern:
      /(jdbc|mysql|postgres|mongo|redis|sql|database)[\s\S]*(UnknownHostException|no such host|name or service not known|could not translate host)/i,
    says: 'looks for its database under a name that does not resolve',
    refutedBy: 'The name of the database resolves.',
  },
  {
    cause: 'database_port',
    at: 'client',
    pattern:
      /communications link failure|(jdbc|mysql|postgres|mongo|redis|sql|hikari|database)[\s\S]*(connection refused|connect timed out|ECONNREFUSED|i\/o timeout)/i,
    says: 'cannot connect to its database, which runs and serves others: it asks at the wrong port',
    refutedBy: 'The database listens at the port that the program asks at.',
  },
];

const told = (snapshot: Snapshot, workload: SeenWorkload): readonly SeenLogTemplate[] =>
  snapshot.templates.filter(
    ({ site, namespace, source }) => site === workload.site && namespace === workload.namespace && source === workload.name,
  );

function client(workload: SeenWorkload, kind: Kind, log: SeenLogTemplate): Finding {
  return finding({
    analyzer: 'databases',
    cause: kind.cause,
    entity: workloadEntity(workload),
    title: `${workload.name} ${kind.says}`,
    mechanism: `${workload.name} ${kind.says}, so it does not start.`,
    refutedBy: kind.refutedBy,
    // That a connection fails says less than what the database answers.
    confidence: kind.cause === 'database_port' || kind.cause === 'database_host' ? 0.84 : 0.92,
    evidence: [
      [log, excerpt(log.sample, kind.pattern)],
      [workload, `${workload.ready} of ${workload.desired} replicas are ready`],
    ],
  });
}

function excerpt(text: string, pattern: RegExp): string {
  const at = Math.max(0, text.search(pattern) - 60);
  return text.slice(at, at + 400);
}

/** Programs that do not start because of how they ask their database. */
function clients(snapshot: Snapshot): Finding[] {
  return snapshot.workloads
    .filter((workload) => workload.ready < workload.desired && !isDatabase(workload))
    .flatMap((workload) => {
      const logs = told(snapshot, workload);
      const kind = kinds.find(({ pattern }) => logs.some(({ sample }) => pattern.test(sample)));
      const log = logs.find(({ sample }) => kind?.pattern.test(sample) === true);
      if (kind === undefined || log === undefined || kind.at === 'server') return [];
      const database = databaseOf(snapshot, [workload]);
      // A database that is down refuses everybody.
      if (kind.cause === 'database_port' && database !== undefined && database.ready < database.desired) return [];
      return [client(workload, kind, log)];
    });
}

/** Databases of which their clients, or their own checks, say what is wrong. */
function servers(snapshot: Snapshot): Finding[] {
  return kinds
    .filter(({ at }) => at === 'server')
    .flatMap((kind) => {
      const checks = snapshot.workloads.flatMap((workload) =>
        podsOf(snapshot, workload).flatMap((seen) => {
          const event = podEvents(snapshot, seen).find(
            ({ warning, age, message }) => warning && (age ?? 0) < 600 && kind.pattern.test(message),
          );
          return event === undefined ? [] : [{ workload, seen: event, words: event.message }];
        }),
      );
      const complaints = snapshot.workloads.flatMap((workload) => {
        const log = told(snapshot, workload).find(({ sample }) => kind.pattern.test(sample));
        return log === undefined ? [] : [{ workload, seen: log, words: excerpt(log.sample, kind.pattern) }];
      });
      const own = checks.find(({ workload }) => isDatabase(workload)) ?? checks[0];
      const database =
        own?.workload ??
        databaseOf(
          snapshot,
          complaints.map(({ workload }) => workload),
        );
      if (database === undefined || (own === undefined && complaints.length === 0)) return [];
      return [
        finding({
          analyzer: 'databases',
          cause: kind.cause,
          entity: workloadEntity(database),
          title: `The database ${database.name} ${kind.says}`,
          mechanism: `${database.name} ${kind.says}; what asks it fails: ${complaints.map(({ workload }) => workload.name).join(', ')}.`,
          refutedBy: kind.refutedBy,
          confidence: 0.95,
          evidence: [...checks, ...complaints].slice(0, 6).map(({ seen, words }) => [seen, words] as const),
          facts: { clients: complaints.map(({ workload }) => workload.name).join(',') },
        }),
      ];
    });
}

/** Databases that refuse, and programs that ask them wrongly. */
export function databases(snapshot: Snapshot): readonly Finding[] {
  return [...servers(snapshot), ...clients(snapshot)];
}
