import type { Finding } from '../../contracts/finding.ts';
import type { Snapshot } from '../snapshot.ts';
import { addresses } from './addresses.ts';
import { admission } from './admission.ts';
import { autoscalers } from './autoscalers.ts';
import { batch } from './batch.ts';
import { certificates } from './certificates.ts';
import { commands } from './commands.ts';
import { configuration } from './configuration.ts';
import { controllers } from './controllers.ts';
import { crashes } from './crashes.ts';
import { databases } from './databases.ts';
import { deliveries } from './deliveries.ts';
import { disruption } from './disruption.ts';
import { errorRate } from './error-rate.ts';
import { failingRevision } from './failing-revision.ts';
import { images } from './images.ts';
import { memory } from './memory.ts';
import { mounts } from './mounts.ts';
import { nodes } from './nodes.ts';
import { openingsMissing } from './openings.ts';
import { performance } from './performance.ts';
import { permissions } from './permissions.ts';
import { policies } from './policies.ts';
import { ports } from './ports.ts';
import { probes } from './probes.ts';
import { quotas } from './quotas.ts';
import { rejections } from './rejections.ts';
import { resolution } from './resolution.ts';
import { routes } from './routes.ts';
import { scheduler } from './scheduler.ts';
import { scheduling } from './scheduling.ts';
import { services } from './services.ts';
import { statefulSets } from './stateful-sets.ts';
import { storage } from './storage.ts';
import { traces } from './traces.ts';
import { unavailable } from './unavailable.ts';
import { webhooks } from './webhooks.ts';
import { zeroReplicas } from './zero-replicas.ts';

export type Analyzer = (snapshot: Snapshot) => readonly Finding[];

/** Every analyzer. A new one is one file and one entry here. */
export const analyzers: readonly Analyzer[] = [
  failingRevision,
  unavailable,
  errorRate,
  nodes,
  scheduler,
  scheduling,
  storage,
  admission,
  quotas,
  images,
  configuration,
  memory,
  probes,
  ports,
  databases,
  resolution,
  zeroReplicas,
  services,
  addresses,
  routes,
  policies,
  openingsMissing,
  permissions,
  performance,
  crashes,
  commands,
  mounts,
  rejections,
  certificates,
  controllers,
  batch,
  autoscalers,
  disruption,
  webhooks,
  statefulSets,
  deliveries,
  traces,
];
