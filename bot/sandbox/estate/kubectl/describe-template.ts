import type { Template } from '../model/state.ts';

/** A pod template in the layout of `kubectl rollout history --revision`. */
export function describeTemplate(template: Template, hash: string): string {
  const { name, image, port, env, memoryLimitMi } = template.container;
  const labels = Object.entries({ ...template.labels, 'pod-template-hash': hash })
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => `${key}=${value}`);
  const annotations = Object.entries(template.annotations).map(([key, value]) => `${key}: ${value}`);
  return [
    `  Labels:\t${labels.join('\n\t')}`,
    ...(annotations.length === 0 ? [] : [`  Annotations:\t${annotations.join('\n\t')}`]),
    '  Containers:',
    `   ${name}:`,
    `    Image:\t${image}`,
    `    Port:\t${port}/TCP (http)`,
    '    Host Port:\t0/TCP (http)',
    '    Limits:',
    `      memory:\t${memoryLimitMi}Mi`,
    '    Requests:',
    '      cpu:\t50m',
    '      memory:\t64Mi',
    '    Readiness:\thttp-get http://:http/readyz delay=0s timeout=1s period=10s #success=1 #failure=3',
    '    Environment:',
    ...Object.entries(env).map(([key, value]) => `      ${key}:\t${value}`),
    '    Mounts:\t<none>',
    '  Volumes:\t<none>',
    '  Node-Selectors:\t<none>',
    '  Tolerations:\t<none>',
    '',
  ].join('\n');
}
