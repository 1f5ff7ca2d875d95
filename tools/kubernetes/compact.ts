import type { ListOutput } from '../items.ts';

/** What a list of thousands of objects does without: none of it says why something fails. */
const unneeded: ReadonlySet<string> = new Set([
  ...['managedFields', 'selfLink', 'resourceVersion', 'generateName', 'clusterIPs', 'podIPs', 'hostIPs', 'hostIP'],
  ...['lastProbeTime', 'lastHeartbeatTime', 'lastUpdateTime', 'qosClass', 'preemptionPolicy', 'priority', 'enableServiceLinks'],
  ...['containerID', 'imageID', 'allocatedResources', 'terminationMessagePath', 'terminationMessagePolicy', 'imagePullPolicy'],
  ...['terminationGracePeriodSeconds', 'volumeMounts', 'volumeDevices', 'fsType'],
  ...['images', 'volumesInUse', 'volumesAttached', 'daemonEndpoints', 'runtimeHandlers'],
]);

/** Where keys are names that people gave. */
const named: ReadonlySet<string> = new Set(['labels', 'matchLabels', 'nodeSelector', 'selector', 'limits', 'requests', 'hard', 'used']);

/** Characters of one text. */
const longest = 16_384;

/** Texts of config maps and annotations that are long. */
function texts(values: object): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(values).map(([key, value]) => {
      const long = typeof value === 'string' && value.length > longest;
      return [key, long ? `[${value.length} characters]` : value];
    }),
  );
}

function annotationsOf(values: object): Record<string, unknown> {
  const { 'kubectl.kubernetes.io/last-applied-configuration': _copy, ...rest } = values as Record<string, unknown>;
  return texts(rest);
}

/** An object in short: without what the server and the kubelet keep for themselves. */
export function compact(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(compact);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, child]) => {
      if (unneeded.has(key)) return [];
      if (typeof child !== 'object' || child === null || named.has(key)) return [[key, child]];
      if (key === 'annotations') return [[key, annotationsOf(child)]];
      if (key === 'data') return [[key, texts(child)]];
      if (key === 'binaryData') return [];
      return [[key, compact(child)]];
    }),
  );
}

/** Lists above this size are kept in short; below it, as they were printed. */
const whole = 1024 * 1024;

export const compactList: ListOutput = { whole, reduce: compact };
