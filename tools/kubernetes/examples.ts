import type { Examples } from '../testing/example.ts';

const end = '--context=prod --request-timeout=20s';
const shop = '--namespace=shop';
const web = { kind: 'deployment', namespace: 'shop', name: 'web' };

export const examples: Examples = {
  'kubernetes.describe': {
    input: { kind: 'pod', namespace: 'shop', name: 'web-1' },
    line: `kubectl describe pods/web-1 ${shop} ${end}`,
  },
  'kubernetes.events': {
    input: { namespace: 'shop', name: 'web-1' },
    line: `kubectl get events ${shop} --field-selector=involvedObject.name=web-1 --output=json ${end}`,
  },
  'kubernetes.get': {
    input: { kind: 'ingress', namespace: 'shop', selector: 'app=web,tier in (a, b)' },
    line: `kubectl get ingresses.networking.k8s.io ${shop} --selector=app=web,tier in (a, b) --output=json ${end}`,
  },
  'kubernetes.logs': {
    input: { namespace: 'shop', pod: 'web-1', container: 'web', since: '15m', previous: true },
    line: `kubectl logs pod/web-1 ${shop} --container=web --tail=200 --since=15m --previous=true --timestamps=true --limit-bytes=1048576 ${end}`,
  },
  'kubernetes.rollout_history': { input: web, line: `kubectl rollout history deployment.apps/web ${shop} ${end}` },
  'kubernetes.rollout_restart': {
    input: { kind: 'statefulset', namespace: 'shop', name: 'db' },
    line: `kubectl rollout restart statefulset.apps/db ${shop} ${end}`,
  },
  'kubernetes.rollout_state': { input: web, line: `kubectl get deployments.apps,replicasets.apps ${shop} --output=json ${end}` },
  'kubernetes.rollout_status': {
    input: { kind: 'daemonset', namespace: 'shop', name: 'agent' },
    line: `kubectl rollout status daemonset.apps/agent ${shop} --watch=false ${end}`,
  },
  'kubernetes.rollout_template': {
    input: { ...web, revision: 2 },
    line: `kubectl rollout history deployment.apps/web ${shop} --revision=2 ${end}`,
  },
  'kubernetes.rollout_undo': {
    input: { ...web, toRevision: 2 },
    line: `kubectl rollout undo deployment.apps/web ${shop} --to-revision=2 ${end}`,
  },
  'kubernetes.scale': {
    input: { ...web, replicas: 5, currentReplicas: 3 },
    line: `kubectl scale deployment.apps/web ${shop} --replicas=5 --current-replicas=3 ${end}`,
  },
  'kubernetes.set_image': {
    input: { ...web, images: { web: 'registry.example:5000/shop/web:1.2' } },
    line: `kubectl set image deployment.apps/web web=registry.example:5000/shop/web:1.2 ${shop} ${end}`,
  },
  'kubernetes.top': {
    input: { namespace: 'shop' },
    line: `kubectl top pods ${shop} --containers=true --no-headers=true ${end}`,
  },
  'kubernetes.workloads': {
    input: { namespace: 'shop' },
    line: `kubectl get deployments.apps,statefulsets.apps,daemonsets.apps,replicasets.apps,pods ${shop} --output=json ${end}`,
  },
};
