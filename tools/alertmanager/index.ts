import { accessFiles, accessHeaders } from '../access.ts';
import type { AnyOperation } from '../operation.ts';
import { system as defineSystem } from '../system.ts';
import { alertmanagerAlerts } from './alerts.ts';
import { program } from './program.ts';
import { silenceAdd } from './silence-add.ts';
import { silenceExpire } from './silence-expire.ts';
import { silenceState } from './silence-state.ts';
import { alertmanagerSilences } from './silences.ts';

const operations: readonly AnyOperation[] = [alertmanagerAlerts, alertmanagerSilences, silenceAdd, silenceExpire, silenceState];

export const system = defineSystem({
  name: 'alertmanager',
  title: 'Alertmanager',
  operations,
  programs: [program],
  api: ({ url, ca, ...access }) => ({
    url,
    ca,
    // It is an error of the server's own to it.
    failures: [[/silence not found/, 'not_found']],
    headers: (credentials) => accessHeaders(access, credentials, 'alertmanager'),
  }),
  secrets: (settings) => ({ tokens: accessFiles(settings) }),
});
