import type { Chat } from '../../workflows/ports.ts';

/** Slack is off: everything succeeds, nothing is said. */
export function createQuietChat(): Chat {
  const quiet = async () => undefined;
  return {
    openThread: quiet,
    progress: quiet,
    findings: quiet,
    card: quiet,
    remind: quiet,
    alarm: quiet,
    stopped: quiet,
    say: quiet,
    result: quiet,
  };
}
