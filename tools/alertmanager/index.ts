import type { AnyOperation } from '../operation.ts';
import { alertmanagerAlerts } from './alerts.ts';
import { silenceAdd } from './silence-add.ts';
import { silenceExpire } from './silence-expire.ts';
import { silenceState } from './silence-state.ts';
import { alertmanagerSilences } from './silences.ts';

export const operations: readonly AnyOperation[] = [alertmanagerAlerts, alertmanagerSilences, silenceAdd, silenceExpire, silenceState];
