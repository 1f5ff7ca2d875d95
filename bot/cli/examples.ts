import type { Command } from 'commander';

/** By the words of a command; each with what it does. Shown by --help and in docs/guides/cli.md. */
export const examples: Readonly<Record<string, readonly string[]>> = {
  up: ['watchkeeper up', 'watchkeeper up --scenario bad-rollout --vote alice:approve --exit --json'],
  serve: ['watchkeeper serve --role worker', 'watchkeeper serve --role runner --site prod-eu'],
  migrate: ['DATABASE_MIGRATION_URL=postgres://owner@db/watchkeeper watchkeeper migrate'],
  doctor: ['watchkeeper doctor', 'watchkeeper doctor --json'],
  'config schema': ['watchkeeper config schema > watchkeeper.schema.json'],
  'config openapi': ['watchkeeper config openapi > openapi.json'],
  ask: [
    'watchkeeper ask "checkout fails since the last deploy" --service checkout',
    'watchkeeper ask "is cart all right?" --json',
    'watchkeeper ask "payments are slow" --idempotency-key "ci-$RUN_ID"',
  ],
  incidents: ['watchkeeper incidents', 'watchkeeper incidents --limit 5 --json'],
  'incident show': ['watchkeeper incident show INCIDENT', 'watchkeeper incident show INCIDENT --watch'],
  'incident postmortem': ['watchkeeper incident postmortem INCIDENT > postmortem.md'],
  'incident evidence': [
    'watchkeeper incident evidence INCIDENT',
    'watchkeeper incident evidence INCIDENT --format png --theme dark -o evidence.png',
  ],
  watch: ['watchkeeper watch INCIDENT', 'watchkeeper watch INCIDENT --json | jq .body.kind'],
  cancel: ['watchkeeper cancel INCIDENT'],
  approvals: ['watchkeeper approvals'],
  'plan show': ['watchkeeper plan show PLAN'],
  approve: ['watchkeeper approve PLAN', 'watchkeeper approve PLAN --reason "the diff is what we want"'],
  reject: ['watchkeeper reject PLAN --reason "a hotfix is on its way"'],
  'break-glass use': ['watchkeeper break-glass use PLAN --reason "payments are down, nobody answers" --minutes 15'],
  'break-glass review': ['watchkeeper break-glass review PLAN --verdict justified --note "nobody else was awake"'],
  'break-glass list': ['watchkeeper break-glass list'],
  'policy test': ['watchkeeper policy test', 'watchkeeper policy test --bundle ./policy'],
  'policy explain': ['watchkeeper policy explain PLAN'],
  'policy replay': ['watchkeeper policy replay --bundle ./policy --since 30d --exit-code'],
  'playbook validate': ['watchkeeper playbook validate ./playbooks', 'watchkeeper playbook validate ./playbooks/restart-cache.yaml --json'],
  'playbook test': ['watchkeeper playbook test ./playbooks', 'watchkeeper playbook test ./playbooks/restart-cache.yaml'],
  'playbook list': ['watchkeeper playbook list'],
  'playbook show': ['watchkeeper playbook show roll-back-bad-rollout'],
  'playbook schema': ['watchkeeper playbook schema > playbook.schema.json'],
  'memory list': ['watchkeeper memory list'],
  'memory retract': ['watchkeeper memory retract INCIDENT --reason "the rollback hid the cause, which was the database"'],
  'audit tail': ['watchkeeper audit tail -f', 'watchkeeper audit tail --incident INCIDENT --json'],
  'audit export': ['watchkeeper audit export -o audit.ndjson', 'watchkeeper audit export --format cef --after 1000'],
  'audit verify': ['watchkeeper audit verify audit.ndjson --key audit.pub --checkpoints checkpoints.txt'],
  'audit erase': ['watchkeeper audit erase --incident INCIDENT --reason "asked for by the customer"'],
  'outbox list': ['watchkeeper outbox list --state refused'],
  'outbox retry': ['watchkeeper outbox retry 42'],
  'tools list': ['watchkeeper tools list'],
  'tools describe': ['watchkeeper tools describe kubernetes.rollout_undo'],
  'tools roles': ['watchkeeper tools roles | kubectl apply -f -', 'watchkeeper tools roles aws write > policy.json'],
  'tools call': [
    'watchkeeper tools call kubernetes.workloads --site prod-eu --set namespace=shop',
    'watchkeeper tools call prometheus.query --site prod-eu --input \'{"expr": "up"}\' --json',
  ],
  'token create': ['watchkeeper token create ci --scope read --days 30', 'watchkeeper token create first --scope tokens:admin --database'],
  'token list': ['watchkeeper token list'],
  'token revoke': ['watchkeeper token revoke TOKEN_ID'],
  login: ['WATCHKEEPER_URL=https://watchkeeper.example.com watchkeeper login', 'watchkeeper login --no-browser --profile prod'],
  'login codex': ['watchkeeper login codex'],
  logout: ['watchkeeper logout', 'watchkeeper logout --profile prod --json'],
  'profile add': [
    'watchkeeper profile add prod --url https://watchkeeper.example.com',
    'watchkeeper profile add ci --url https://watchkeeper.example.com --token-stdin < token',
  ],
  'profile list': ['watchkeeper profile list'],
  'profile use': ['watchkeeper profile use prod'],
  'profile remove': ['watchkeeper profile remove ci'],
  completion: [
    'source <(watchkeeper completion bash)',
    'watchkeeper completion zsh > "$fpath[1]/_watchkeeper"',
    'watchkeeper completion fish > ~/.config/fish/completions/watchkeeper.fish',
  ],
};

/** A command with what leads to it, the program's own name left out. */
export interface Placed {
  readonly words: readonly string[];
  readonly command: Command;
}

/** The commands that can be run, in the order in which they were registered; hidden ones left out. */
export function leaves(program: Command): readonly Placed[] {
  const below = (command: Command, words: readonly string[]): readonly Placed[] => {
    const shown = command
      .createHelp()
      .visibleCommands(command)
      .filter((one) => one.name() !== 'help');
    // A group takes nothing of its own; what does, can be run although there are commands below it.
    const runs = shown.length === 0 || (words.length > 0 && command.options.length + command.registeredArguments.length > 0);
    return [...(runs ? [{ words, command }] : []), ...shown.flatMap((one) => below(one, [...words, one.name()]))];
  };
  return below(program, []);
}

export function addExamples(program: Command): void {
  for (const { words, command } of leaves(program)) {
    const own = examples[words.join(' ')];
    if (own !== undefined)
      command.addHelpText('after', ['', own.length === 1 ? 'Example:' : 'Examples:', ...own.map((line) => `  ${line}`)].join('\n'));
  }
}
