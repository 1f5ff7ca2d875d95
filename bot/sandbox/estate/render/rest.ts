import { type EstateState, type EventState, namespace, nodeName, type ServiceState, simulationLabel } from '../model/state.ts';
import { type KubernetesObject, time } from './object.ts';

export function serviceObject(service: ServiceState): KubernetesObject {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: {
      creationTimestamp: time(service.createdAt),
      labels: { app: service.name, ...simulationLabel },
      name: service.name,
      namespace,
      resourceVersion: String(service.resourceVersion),
      uid: service.uid,
    },
    spec: {
      clusterIP: service.clusterIP,
      clusterIPs: [service.clusterIP],
      internalTrafficPolicy: 'Cluster',
      ipFamilies: ['IPv4'],
      ipFamilyPolicy: 'SingleStack',
      ports: [{ name: 'http', port: service.port, protocol: 'TCP', targetPort: 'http' }],
      selector: { app: service.name },
      sessionAffinity: 'None',
      type: 'ClusterIP',
    },
    status: { loadBalancer: {} },
  };
}

export function eventObject(event: EventState): KubernetesObject {
  return {
    apiVersion: 'v1',
    count: event.count,
    eventTime: null,
    firstTimestamp: time(event.firstAt),
    involvedObject: { ...event.involved, namespace },
    kind: 'Event',
    lastTimestamp: time(event.lastAt),
    message: event.message,
    metadata: {
      creationTimestamp: time(event.firstAt),
      name: event.name,
      namespace,
      resourceVersion: String(event.resourceVersion),
      uid: event.uid,
    },
    reason: event.reason,
    reportingComponent: event.component,
    reportingInstance: event.component === 'kubelet' ? nodeName : '',
    source: { component: event.component, ...(event.component === 'kubelet' ? { host: nodeName } : {}) },
    type: event.type,
  };
}

function clusterMetadata(state: EstateState, name: string): KubernetesObject['metadata'] {
  const createdAt = Math.min(...state.services.map((service) => service.createdAt));
  return {
    creationTimestamp: time(createdAt),
    labels: { ...simulationLabel, 'kubernetes.io/metadata.name': name },
    name,
    resourceVersion: '1',
    uid: `00000000-0000-4000-a000-${Buffer.from(name).toString('hex').padEnd(12, '0').slice(0, 12)}`,
  };
}

export function nodeObject(state: EstateState): KubernetesObject {
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: clusterMetadata(state, nodeName),
    spec: {},
    status: {
      addresses: [{ address: '10.0.0.4', type: 'InternalIP' }],
      allocatable: { cpu: '4', memory: '8Gi', pods: '110' },
      capacity: { cpu: '4', memory: '8Gi', pods: '110' },
      conditions: [{ message: 'simulated node', reason: 'KubeletReady', status: 'True', type: 'Ready' }],
      nodeInfo: {
        architecture: 'amd64',
        containerRuntimeVersion: 'simulation://1',
        kubeletVersion: 'v1.34.2-simulation',
        operatingSystem: 'linux',
        osImage: 'simulated estate',
      },
    },
  };
}

export function namespaceObject(state: EstateState, name: string): KubernetesObject {
  return {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: clusterMetadata(state, name),
    spec: { finalizers: ['kubernetes'] },
    status: { phase: 'Active' },
  };
}
