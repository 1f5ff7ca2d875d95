import type { AnyOperation } from '../operation.ts';
import {
  appDiff,
  appHistory,
  appList,
  appLogs,
  appManifests,
  appPresence,
  appResources,
  appState,
  clusterList,
  projList,
} from './reads.ts';
import { rollback } from './rollback.ts';
import { appDelete, refresh, setAutoSync, terminateOp } from './small-writes.ts';
import { sync } from './sync.ts';

export const operations: readonly AnyOperation[] = [
  appDelete,
  appDiff,
  appHistory,
  appList,
  appLogs,
  appManifests,
  appPresence,
  appResources,
  appState,
  clusterList,
  projList,
  refresh,
  rollback,
  setAutoSync,
  sync,
  terminateOp,
];
