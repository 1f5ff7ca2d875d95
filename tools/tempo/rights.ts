import type { RightsQuestion } from '../system.ts';
import { tempoApi } from './ask.ts';

/** Tempo knows no accounts: that it answers, also to this tenant, is all that can be asked. */
export const rights: readonly RightsQuestion[] = [{ command: () => tempoApi('v2/search/tags'), parse: () => ['read traces'] }];
