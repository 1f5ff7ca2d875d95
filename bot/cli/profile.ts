import { type Command, InvalidArgumentError } from 'commander';
import { type CliContext, type JsonFlag, withJson } from './context.ts';
import { print, table } from './out.ts';
import { ProfileName, profileNamed, readProfiles, writeProfiles } from './profiles.ts';

function name(value: string): string {
  if (!ProfileName.safeParse(value).success) throw new InvalidArgumentError('letters, digits, dots, dashes and underscores.');
  return value;
}

function address(value: string): string {
  if (!/^https?:$/.test(URL.parse(value)?.protocol ?? '')) throw new InvalidArgumentError('a http or https address.');
  return value;
}

/** Never an argument: those are seen by everybody on the machine. */
async function tokenFromInput(): Promise<string> {
  process.stdin.setEncoding('utf8');
  let text = '';
  for await (const chunk of process.stdin) text += String(chunk);
  return text.trim();
}

interface AddFlags extends JsonFlag {
  readonly url: string;
  readonly tokenStdin?: boolean;
}

function registerAdd(profile: Command, { out, variables }: CliContext): void {
  withJson(profile.command('add'))
    .description('remember a server by a name; the first one is used from then on')
    .argument('<name>', 'e.g. prod', name)
    .requiredOption('--url <address>', 'of its API', address)
    .option('--token-stdin', 'keep a service token with it, read from standard input; without it you sign in (watchkeeper login)')
    .action(async (named: string, { url, tokenStdin, json }: AddFlags) => {
      const token = tokenStdin === true ? (await tokenFromInput()) || null : null;
      const known = readProfiles(variables);
      const profiles = { ...known.profiles, [named]: { url, token } };
      writeProfiles({ ...known, profiles, current: known.current ?? named }, variables);
      print(out, { name: named, url }, json, () => [`Profile ${named} is ${url}.`]);
    });
}

export function registerProfiles(program: Command, context: CliContext): void {
  const { out, variables } = context;
  const profile = program.command('profile').description('servers by name, kept for you alone');
  registerAdd(profile, context);
  withJson(profile.command('list'))
    .description('list profiles, without their tokens; * marks the current one')
    .action(({ json }: JsonFlag) => {
      const { current, profiles } = readProfiles(variables);
      const items = Object.entries(profiles).map(([key, { url, token }]) => ({
        name: key,
        url,
        token: token !== null,
        current: key === current,
      }));
      print(out, { items }, json, () =>
        items.length === 0
          ? ['There are no profiles: watchkeeper profile add']
          : table(items.map((one) => [one.current ? '*' : ' ', one.name, one.url, one.token ? 'service token' : 'sign-in'])),
      );
    });
  withJson(profile.command('use'))
    .description('use a profile from now on, where neither --profile nor WATCHKEEPER_URL names a server')
    .argument('<name>')
    .action((named: string, { json }: JsonFlag) => {
      const known = readProfiles(variables);
      const { url } = profileNamed(named, known);
      writeProfiles({ ...known, current: named }, variables);
      print(out, { name: named, url }, json, () => [`From now on: ${named}, ${url}.`]);
    });
  withJson(profile.command('remove'))
    .description('forget a profile and its token')
    .argument('<name>')
    .action((named: string, { json }: JsonFlag) => {
      const known = readProfiles(variables);
      profileNamed(named, known);
      const profiles = Object.fromEntries(Object.entries(known.profiles).filter(([key]) => key !== named));
      writeProfiles({ ...known, profiles, current: known.current === named ? null : known.current }, variables);
      print(out, { name: named, removed: true }, json, () => [`Profile ${named} is forgotten.`]);
    });
}
