import { fewerAlerts, fifthOfTheDelay, latenciesOnly, thriceTheDelay, throttledBystander } from './measures.ts';
import { newNames, otherHashes, otherNodes, otherServices } from './names.ts';
import { halfTheEvents, older, otherOrder, warningsOnly, younger } from './order.ts';
import { answered, type Recording, type Variation, without } from './variation.ts';

/** A tool that could not answer. */
const failing =
  (pattern: RegExp): Variation =>
  (given) =>
    answered(given, (output, key) => (pattern.test(key) ? 'Error: command timed out after 30 seconds' : output));

const lost =
  (pattern: RegExp): Variation =>
  (given: Recording) =>
    without(given, pattern);

/** What differs between incidents of one kind, and what recordings lack: each leaves the right answer the right one. */
export const variations: Readonly<Record<string, Variation>> = {
  'other services': otherServices,
  'new names': newNames,
  'other nodes': otherNodes,
  'other hashes': otherHashes,
  'other order': otherOrder,
  older,
  younger,
  'half the events': halfTheEvents,
  'warnings only': warningsOnly,
  'a fifth of the delay': fifthOfTheDelay,
  'thrice the delay': thriceTheDelay,
  'fewer alerts': fewerAlerts,
  'latencies only': latenciesOnly,
  'throttled bystander': throttledBystander,
  'no list of events': lost(/"resource_type":"events"/),
  'events fail': failing(/"resource_type":"events"/),
  'no node services': lost(/^CheckNodeServiceStatus/),
  'node services fail': failing(/^CheckNodeServiceStatus/),
  'no connections': lost(/^CheckServiceConnectivity/),
  'no alerts': lost(/^GetAlerts/),
  'no logs': lost(/^GetErrorLogs/),
  'no calls': lost(/^GetServiceDependencies/),
  'no quotas': lost(/"resourcequotas?"/),
  'no replica sets': lost(/"replicasets"/),
  'no manifests': lost(/^GetAppYAML|"output_yaml":true/),
};
