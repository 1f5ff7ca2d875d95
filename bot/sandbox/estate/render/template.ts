import type { Template } from '../model/state.ts';

const probe = (path: string) => ({
  failureThreshold: 3,
  httpGet: { path, port: 'http', scheme: 'HTTP' },
  periodSeconds: 10,
  successThreshold: 1,
  timeoutSeconds: 1,
});

export function containerSpec(template: Template): Record<string, unknown> {
  const { name, image, port, env, memoryLimitMi } = template.container;
  return {
    env: Object.entries(env).map(([key, value]) => ({ name: key, value })),
    image,
    imagePullPolicy: 'IfNotPresent',
    name,
    ports: [{ containerPort: port, name: 'http', protocol: 'TCP' }],
    readinessProbe: probe('/readyz'),
    resources: { limits: { memory: `${memoryLimitMi}Mi` }, requests: { cpu: '50m', memory: '64Mi' } },
    terminationMessagePath: '/dev/termination-log',
    terminationMessagePolicy: 'File',
  };
}

export function podTemplate(template: Template, hash: string | null): Record<string, unknown> {
  const annotations = Object.keys(template.annotations).length === 0 ? {} : { annotations: template.annotations };
  return {
    metadata: { ...annotations, labels: { ...template.labels, ...(hash === null ? {} : { 'pod-template-hash': hash }) } },
    spec: {
      containers: [containerSpec(template)],
      dnsPolicy: 'ClusterFirst',
      restartPolicy: 'Always',
      schedulerName: 'default-scheduler',
      securityContext: {},
      terminationGracePeriodSeconds: 30,
    },
  };
}
