const plainWord = /^[A-Za-z0-9_@%+=:,./-]+$/;

/** argv quoted as a POSIX shell would need it: for reading and copying; nothing here runs in a shell. */
export function quoteArgv(argv: readonly string[]): string {
  return argv.map((word) => (plainWord.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`)).join(' ');
}
