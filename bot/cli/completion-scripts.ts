import type { CompletionNode } from './completion-tree.ts';

/** A word in single quotes, as all three shells take it. */
const quoted = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;
const fishQuoted = (text: string) => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;

const flags = (node: CompletionNode) => node.options.flatMap((option) => option.flags);
const withValue = (tree: readonly CompletionNode[]) => [
  ...new Set(tree.flatMap(({ options }) => options.flatMap(({ flags: names, takesValue }) => (takesValue ? names : [])))),
];

/** The words of the command before the cursor: options are left out, with their values. */
function pathLoop(tree: readonly CompletionNode[]): string {
  const paths = tree.map(({ path }) => path).filter((path) => path !== '');
  return `    case "$word" in
      ${withValue(tree).join('|')}) skip=1 ;;
      -*) ;;
      *) case "\${path:+$path }$word" in
        ${paths.map(quoted).join('|')}) path="\${path:+$path }$word" ;;
      esac ;;
    esac`;
}

function bashValues({ path, values }: CompletionNode): readonly string[] {
  return values.map(({ flags: names, choices }) => {
    const places = names.map((name) => quoted(`${path}:${name}`)).join('|');
    return `    ${places}) COMPREPLY=($(compgen -W ${quoted(choices.join(' '))} -- "$cur")); return ;;`;
  });
}

const offered = (node: CompletionNode) => [...node.commands.map(({ name }) => name), ...node.words].join(' ');

/** Works with the bash of macOS too (3.2), and without the package bash-completion. */
export function bashScript(tree: readonly CompletionNode[]): string {
  return `# bash completion of watchkeeper: source <(watchkeeper completion bash)
_watchkeeper() {
  local cur prev word path skip i
  cur="\${COMP_WORDS[COMP_CWORD]}"; prev="\${COMP_WORDS[COMP_CWORD-1]}"; path=""; skip=""
  COMPREPLY=()
  for ((i = 1; i < COMP_CWORD; i++)); do
    word="\${COMP_WORDS[i]}"
    if [ -n "$skip" ]; then skip=""; continue; fi
${pathLoop(tree)}
  done
  case "$path:$prev" in
${tree.flatMap(bashValues).join('\n')}
  esac
  case "$prev" in
    --profile) COMPREPLY=($(compgen -W "$(watchkeeper profile list --json 2>/dev/null | grep -o '"name":"[^"]*"' | cut -d'"' -f4)" -- "$cur")); return ;;
    ${withValue(tree).join('|')}) COMPREPLY=($(compgen -f -- "$cur")); return ;;
  esac
  case "$path" in
${tree
  .map(
    (node) =>
      `    ${quoted(node.path)}) case "$cur" in -*) COMPREPLY=($(compgen -W ${quoted(flags(node).join(' '))} -- "$cur")) ;; *) COMPREPLY=($(compgen -W ${quoted(offered(node))} -- "$cur")) ;; esac ;;`,
  )
  .join('\n')}
  esac
}
complete -o default -F _watchkeeper watchkeeper`;
}

/** zsh runs the functions of bash. */
export function zshScript(tree: readonly CompletionNode[]): string {
  return `#compdef watchkeeper
# zsh completion of watchkeeper: put it into a directory of $fpath as _watchkeeper
autoload -U +X bashcompinit && bashcompinit
${bashScript(tree).split('\n').slice(1).join('\n')}`;
}

function fishLines(node: CompletionNode): readonly string[] {
  const at = `-n ${fishQuoted(`__watchkeeper_at "${node.path}"`)}`;
  const commands = node.commands.map(
    ({ name, description }) => `complete -c watchkeeper -f ${at} -a ${name} -d ${fishQuoted(description)}`,
  );
  const words = node.words.length === 0 ? [] : [`complete -c watchkeeper -f ${at} -a ${fishQuoted(node.words.join(' '))}`];
  const options = node.options.map(({ flags: names, description, takesValue }) => {
    const choices = node.values.find((one) => one.flags.some((flag) => names.includes(flag)))?.choices;
    const spelt = names.map((name) => (name.startsWith('--') ? `-l ${name.slice(2)}` : `-s ${name.slice(1)}`)).join(' ');
    const value = choices === undefined ? (takesValue ? ' -r' : '') : ` -x -a ${fishQuoted(choices.join(' '))}`;
    return `complete -c watchkeeper ${at} ${spelt}${value} -d ${fishQuoted(description)}`;
  });
  return [...commands, ...words, ...options];
}

export function fishScript(tree: readonly CompletionNode[]): string {
  const paths = tree.map(({ path }) => path).filter((path) => path !== '');
  return `# fish completion of watchkeeper: watchkeeper completion fish > ~/.config/fish/completions/watchkeeper.fish
function __watchkeeper_at
  set -l path ""
  set -l skip ""
  for word in (commandline -opc)[2..-1]
    if test -n "$skip"; set skip ""; continue; end
    switch $word
      case ${withValue(tree).map(quoted).join(' ')}
        set skip 1
      case '-*'
      case '*'
        set -l next (string trim -- "$path $word")
        contains -- $next ${paths.map(fishQuoted).join(' ')}; and set path $next
    end
  end
  test "$path" = "$argv[1]"
end
${tree.flatMap(fishLines).join('\n')}`;
}
