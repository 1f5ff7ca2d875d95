import type { Command } from 'commander';
import type { Verification } from '../audit/verify.ts';
import { type CliContext, type JsonFlag, withJson } from './context.ts';
import { print } from './out.ts';
import type { Text } from './style.ts';

interface VerifyFlags extends JsonFlag {
  readonly key: string[];
  readonly checkpoints?: string[];
}

const notVerifiable = 2;

function lines(found: Verification): readonly Text[] {
  const { origin, entries, checkpoints, otherCheckpoints, keptCheckpoints, unusedLines, words, problem } = found;
  const rest = [
    ...(otherCheckpoints === 0 ? [] : [`${otherCheckpoints} checkpoints are signed by keys that were not given; they were not looked at.`]),
    ...(unusedLines === 0 ? [] : [`${unusedLines} lines of the kept checkpoints were not used: no checkpoint of this log by a given key.`]),
  ];
  if (problem !== null) return [`The log ${origin} is not as it was signed.`, problem.words, ...rest];
  return [
    `The log ${origin} is as it was signed: ${entries} entries.`,
    `${checkpoints} checkpoints hold, ${keptCheckpoints} kept elsewhere were compared, ${words} words are what was committed to.`,
    ...rest,
  ];
}

export function registerVerify(audit: Command, { out, exit }: CliContext): void {
  withJson(audit.command('verify'))
    .description(
      'recompute an export and compare it with what was signed; needs no server. Exit status 1: it is not as signed, 2: it cannot be verified',
    )
    .argument('<file>', 'what audit export wrote')
    .requiredOption('--key <key...>', 'public keys that are trusted: verifier key, PEM, JWK, or a file of them')
    .option('--checkpoints <file...>', 'checkpoints that were kept outside the database')
    .action(async (path: string, { key, checkpoints, json }: VerifyFlags) => {
      const [{ NotVerifiable, verifyExport }, { trustedKeys }] = await Promise.all([
        import('../audit/verify.ts'),
        import('../audit/trusted-keys.ts'),
      ]);
      try {
        const found = await verifyExport({ path, keys: trustedKeys(key), checkpoints: checkpoints ?? [] });
        print(out, found, json, lines);
        exit(found.ok ? 0 : 1);
      } catch (error) {
        if (!(error instanceof NotVerifiable)) throw error;
        out.note(`watchkeeper: ${error.message}`);
        exit(notVerifiable);
      }
    });
}
