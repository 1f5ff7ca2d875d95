import type { SystemSettings } from '../site.ts';
import { type Examples, sampleFiles } from '../testing/example.ts';

const end = '--context=prod --request-timeout=20s';
const shop = '--namespace=shop';
const web = { kind: 'deployment', namespace: 'shop', name: 'web' };

/** Made up. */
const budget = {
  apiVersion: 'policy/v1',
  kind: 'PodDisruptionBudget',
  metadata: { name: 'web', namespace: 'shop' },
  spec: { minAvailable: 1, selector: { matchLabels: { app: 'web' } } },
};
const reviewed = { kind: 'poddisruptionbudget', namespace: 'shop', name: 'web', object: budget };
const uid = '0f1e2d3c-0000-4000-8000-0123456789ab';

export const examples: Examples = {
  'kubernetes.annotate': {
    input: { kind: 'deployment', namespace: 'shop', name: 'web', annotations: { 'example.com/owner': 'team-a', note: null } },
    line: `kubectl annotate deployments.apps/web example.com/owner=team-a note- ${shop} --overwrite=true ${end}`,
  },
  'kubernetes.api_resources': { input: {}, line: `kubectl api-resources --no-headers=true --sort-by=name ${end}` },
  'kubernetes.apply': {
    input: reviewed,
    line: `kubectl apply --server-side=true --field-manager=watchkeeper --filename=- ${shop} ${end}`,
  },
  'kubernetes.can_i': {
    input: { verb: 'patch', resource: 'deployments.apps/scale', namespace: 'shop' },
    line: `kubectl auth can-i patch deployments.apps/scale ${shop} ${end}`,
  },
  'kubernetes.cordon': { input: { node: 'node-1' }, line: `kubectl cordon node/node-1 ${end}` },
  'kubernetes.uncordon': { input: { node: 'node-1' }, line: `kubectl uncordon node/node-1 ${end}` },
  'kubernetes.delete': {
    input: { kind: 'service', namespace: 'shop', name: 'web' },
    line: `kubectl delete services/web ${shop} --cascade=background --wait=false ${end}`,
  },
  'kubernetes.delete_pod': {
    input: { namespace: 'shop', name: 'web-1' },
    line: `kubectl delete pod/web-1 ${shop} --wait=false ${end}`,
  },
  'kubernetes.diff': {
    input: reviewed,
    line: `kubectl get poddisruptionbudgets.policy ${shop} --field-selector=metadata.name=web --output=json ${end}`,
  },
  'kubernetes.drain': {
    input: { node: 'node-1' },
    line: `kubectl drain node/node-1 --ignore-daemonsets=true --delete-emptydir-data=false --force=false --timeout=90s ${end}`,
  },
  'kubernetes.node_pods': {
    input: { node: 'node-1' },
    line: `kubectl get pods --all-namespaces=true --field-selector=spec.nodeName=node-1 --output=json ${end}`,
  },
  'kubernetes.node_state': { input: { node: 'node-1' }, line: `kubectl get nodes/node-1 --output=json ${end}` },
  'kubernetes.object_state': {
    input: { kind: 'service', namespace: 'shop', name: 'web' },
    line: `kubectl get services ${shop} --field-selector=metadata.name=web --output=json ${end}`,
  },
  'kubernetes.pod_state': {
    input: { namespace: 'shop', name: 'web-1', owner: uid },
    line: `kubectl get pods ${shop} --output=json ${end}`,
  },
  'kubernetes.set_resources': {
    input: { ...web, container: 'web', requests: { memory: '256Mi' }, limits: { cpu: '500m', memory: '1Gi' } },
    line: `kubectl set resources deployment.apps/web ${shop} --containers=web --requests=memory=256Mi --limits=cpu=500m,memory=1Gi ${end}`,
  },
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
    line: `kubectl logs pod/web-1 ${shop} --container=web --tail=200 --since=15m --previous=true --timestamps=true --limit-bytes=16777216 ${end}`,
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
  'kubernetes.weaknesses': {
    input: { namespace: 'shop' },
    line: `kubectl get pods,roles.rbac.authorization.k8s.io,rolebindings.rbac.authorization.k8s.io ${shop} --output=json ${end}`,
  },
  'kubernetes.workloads': {
    input: { namespace: 'shop' },
    line: `kubectl get deployments.apps,statefulsets.apps,daemonsets.apps,replicasets.apps,pods ${shop} --output=json ${end}`,
  },
};

/** What the sample site has of it. */
export const sample: SystemSettings['kubernetes'] = { context: 'prod', kubeconfig: sampleFiles };
