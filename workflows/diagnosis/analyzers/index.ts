import type { Finding } from '../../contracts/finding.ts';
import type { Snapshot } from '../snapshot.ts';
import { errorRate } from './error-rate.ts';
import { failingRevision } from './failing-revision.ts';
import { unavailable } from './unavailable.ts';

export type Analyzer = (snapshot: Snapshot) => readonly Finding[];

/** Every analyzer. A new one is one file and one entry here. */
export const analyzers: readonly Analyzer[] = [failingRevision, unavailable, errorRate];
