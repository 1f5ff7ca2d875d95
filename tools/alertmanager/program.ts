import { asksWho } from '../access.ts';
import type { Program } from '../system.ts';

export const program: Program = {
  name: 'amtool',
  optional: ({ alertmanager }) => asksWho(alertmanager),
  without: 'alerts and silences are read by the API, but no silence can be set or ended',
  version: ['--version'],
  // Its only other way to name an authority is a file of settings, which it would take much else from.
  environment: async ({ alertmanager: own }) => (own?.ca === undefined ? {} : { SSL_CERT_FILE: own.ca }),
  failures: [
    [/connection refused|no such host|i\/o timeout|context deadline exceeded|\]\[50[234]\]/, 'unreachable'],
    [/silence not found|\]\[404\]/, 'not_found'],
    [/\]\[40[13]\]|\(status 40[13]\)/, 'forbidden'],
    [/bad matcher format|matcher value|\]\[400\]|start must be before end|cannot be after/, 'bad_input'],
  ],
};
