import type { Writable } from 'node:stream';

/**
 * Hears which process groups there are, one line each, and ends those that are left when nobody speaks any more: a process that is
 * killed cannot end what it started. POSIX shell, without arguments; it runs no other program.
 */
export const guardScript = `trap '' TERM INT HUP
groups=
while read -r change group; do
  kept=
  for one in $groups; do [ "$one" = "$group" ] || kept="$kept $one"; done
  groups=$kept
  [ "$change" = - ] || groups="$groups $group"
done
for one in $groups; do kill -s KILL -- "-$one"; done
`;

/** Ends process groups that this process would leave behind. */
export interface Guard {
  /** Before a program is started, so that it is watched from its first moment on. */
  ready(): void;
  watch(group: number): void;
  /** The group has ended. */
  forget(group: number): void;
}

/** `start`: the shell with the script, its standard input open as long as this process lives. A guard that was ended is started again. */
export function createGuard(start: () => Writable): Guard {
  const groups = new Set<number>();
  let input: Writable | null = null;
  const open = (): Writable => {
    if (input !== null && !input.destroyed) return input;
    const opened = start();
    opened.on('error', () => opened.destroy());
    for (const group of groups) opened.write(`+ ${group}\n`);
    input = opened;
    return opened;
  };
  return {
    ready: () => void open(),
    watch(group) {
      const guard = open();
      groups.add(group);
      guard.write(`+ ${group}\n`);
    },
    forget(group) {
      groups.delete(group);
      if (input !== null && !input.destroyed) input.write(`- ${group}\n`);
    },
  };
}
