import { queryApi } from '../prometheus/promtool.ts';
import type { RightsQuestion } from '../system.ts';

/** Thanos knows no accounts: that it answers is all that can be asked. */
export const rights: readonly RightsQuestion[] = [
  { command: () => queryApi('thanos', 'status/buildinfo'), parse: () => ['query all stores'] },
];
