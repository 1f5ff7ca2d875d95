import { claim, deployment, event, type Plant, pod } from './arbitraries.ts';
import { api, down, ended, log, signal, unready, waiting } from './planted-testing.ts';

const policy = (spec: object): unknown => ({
  kind: 'NetworkPolicy',
  metadata: { name: 'some', namespace: 'shop' },
  spec: { podSelector: { matchLabels: { app: 'api' } }, ...spec },
});
const from = (app: string) => ({ from: [{ podSelector: { matchLabels: { app } } }] });
const failing = { more: { signals: [signal('web', 'errors', 0, 9)] } };
const creating = { ...waiting('ContainerCreating'), lastState: null };
const complaint = (reason: string, message: string): Plant => ({
  objects: [down()],
  pods: [unready(creating)],
  more: { events: [event(api, reason, message)] },
});
const began = (reason: string, message: string, exitCode: number) => ({
  ...ended(reason, exitCode),
  lastState: { ...ended(reason, exitCode).lastState, message },
});
const ignored = (ready: number) => {
  const one = down() as { metadata: object; status: object };
  return { ...one, metadata: { ...one.metadata, generation: 3 }, status: { readyReplicas: ready, observedGeneration: 2 } };
};

/** Faults of the field that a kubelet, a volume, a certificate, a policy or a controller tells of. */
export const more: readonly (readonly [string, Plant, string, string])[] = [
  [
    'a command that its image does not have',
    {
      objects: [down()],
      pods: [
        unready(began('StartError', 'failed to create containerd task: exec: "serve": executable file not found in $PATH: unknown', 128)),
      ],
    },
    'command_not_found',
    'api',
  ],
  ['a command that its shell does not find', { objects: [down()], pods: [unready(ended('Error', 127))] }, 'command_not_found', 'api'],
  [
    'an image of another architecture',
    { objects: [down()], pods: [unready(began('Error', 'exec /app: exec format error', 1))] },
    'image_architecture_mismatch',
    'api',
  ],
  [
    'a volume that another node holds',
    complaint('FailedAttachVolume', 'Multi-Attach error for volume "disk" Volume is already exclusively attached to one node'),
    'volume_multi_attach',
    'api',
  ],
  [
    'a volume that cannot be mounted',
    complaint(
      'FailedMount',
      'MountVolume.MountDevice failed for volume "disk": rpc error: code = Internal desc = mount failed: exit status 32',
    ),
    'volume_mount_failed',
    'api',
  ],
  [
    'a class that cannot make a volume',
    {
      objects: [claim({}, 'Pending'), deployment('api', { volumes: [{ persistentVolumeClaim: { claimName: 'data' } }] }, {}, 0)],
      pods: [
        pod(
          'api',
          { ready: false, phase: 'Pending', node: null, conditions: [{ type: 'PodScheduled', status: 'False' }] },
          { state: null },
        ),
      ],
      more: {
        events: [event('data', 'ProvisioningFailed', 'failed to provision volume: quota of disks exceeded', 'persistentvolumeclaim')],
      },
    },
    'volume_provisioning_failed',
    'api',
  ],
  [
    'a kernel setting that the kubelet forbids',
    {
      objects: [down()],
      pods: [
        pod('api', {
          ready: false,
          phase: 'Failed',
          reason: 'SysctlForbidden',
          message: 'forbidden sysctl: "net.core.somaxconn" not allowlisted',
        }),
      ],
    },
    'sysctl_forbidden',
    'api',
  ],
  [
    'a pod that its kubelet does not take',
    {
      objects: [down()],
      pods: [pod('api', { ready: false, phase: 'Failed', reason: 'OutOfcpu', message: 'Node did not have enough resource: cpu' })],
    },
    'kubelet_rejects',
    'api',
  ],
  [
    'a certificate that expired',
    {
      objects: [down()],
      pods: [unready(ended('Error', 1))],
      more: log(
        'tls: failed to verify certificate: x509: certificate has expired or is not yet valid: current time 2026-01-01T12:00:00Z is after 2025-12-31T00:00:00Z',
      ),
    },
    'certificate_expired',
    'api',
  ],
  [
    'a clock that is behind the certificates',
    {
      objects: [down()],
      pods: [unready(ended('Error', 1))],
      more: log('x509: certificate has expired or is not yet valid: current time 2025-01-01T12:00:00Z is before 2025-12-31T00:00:00Z'),
    },
    'certificate_not_yet_valid',
    'api',
  ],
  ['a controller manager that sleeps', { objects: [ignored(0)], without: [api] }, 'controller_manager_down', 'control'],
  [
    'a policy that lets others in than the one who calls',
    { objects: [policy({ ingress: [from('front')] })], ...failing },
    'network_policy_denies',
    'api',
  ],
  [
    'a policy that opens another port',
    { objects: [policy({ ingress: [{ ports: [{ port: 9090 }] }] })], ...failing },
    'network_policy_denies',
    'api',
  ],
  [
    'a policy that forbids to ask the DNS',
    {
      objects: [down(), policy({ policyTypes: ['Egress'], egress: [{ ports: [{ port: 3306 }] }] })],
      pods: [unready(ended('Error', 1))],
      more: log('dial tcp: lookup db: no such host'),
    },
    'network_policy_denies',
    'api',
  ],
];

/** What looks like one of them and is another thing: the cause that must not be named. */
export const unlikeMore: readonly (readonly [string, Plant, RegExp])[] = [
  ['a policy that lets in who calls', { objects: [policy({ ingress: [from('web')] })], ...failing }, /^network_policy/],
  [
    'two policies of which one lets in who calls',
    {
      objects: [
        policy({ ingress: [from('front')] }),
        { ...(policy({ ingress: [from('web')] }) as object), metadata: { name: 'other', namespace: 'shop' } },
      ],
      ...failing,
    },
    /^network_policy/,
  ],
  ['a policy that nobody misses', { objects: [policy({ ingress: [from('front')] })] }, /^network_policy/],
  [
    'a policy that allows the DNS',
    {
      objects: [down(), policy({ policyTypes: ['Egress'], egress: [{ ports: [{ port: 53, protocol: 'UDP' }] }] })],
      pods: [unready(ended('Error', 1))],
      more: log('dial tcp: lookup db: no such host'),
    },
    /^network_policy/,
  ],
  [
    'a secret that cannot be mounted',
    complaint('FailedMount', 'MountVolume.SetUp failed for volume "v" : secret "nope" not found'),
    /^volume_mount/,
  ],
  [
    'a workload whose change was seen',
    { objects: [{ ...(ignored(0) as object), metadata: { name: 'api', namespace: 'shop', generation: 2 } }], without: [api] },
    /^controller/,
  ],
  ['an expired certificate that nobody minds', { more: log('x509: certificate has expired: is after 2025-12-31') }, /^certificate/],
];
