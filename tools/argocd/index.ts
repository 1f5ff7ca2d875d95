import type { AnyOperation } from '../operation.ts';
import { system as defineSystem } from '../system.ts';
import { program } from './program.ts';
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
import { rights } from './rights.ts';
import { rollback } from './rollback.ts';
import { appDelete, refresh, setAutoSync, terminateOp } from './small-writes.ts';
import { sync } from './sync.ts';
import { syncMerged } from './sync-merged.ts';

const operations: readonly AnyOperation[] = [
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
  syncMerged,
  terminateOp,
];

export const system = defineSystem({
  name: 'argocd',
  title: 'Argo CD',
  operations,
  programs: [program],
  rights,
  secrets: (own) => (own.transport === 'core' ? { kubeconfigs: [own.kubeconfig] } : { tokens: [own.token] }),
});
