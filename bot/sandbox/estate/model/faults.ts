import type { Fault, Template } from './state.ts';

/** Image tags that the estate's registry has. Everything else fails to pull. */
const tags: Readonly<Record<string, readonly string[]>> = {
  frontend: ['2.4.0', '2.4.1'],
  checkout: ['1.2.0', '1.3.0', '1.4.0', '1.5.0', '1.6.0', '1.7.0', '1.7.1', '1.8.0'],
  cart: ['3.0.2', '3.1.0'],
  payment: ['5.2.0', '5.3.0'],
  catalog: ['4.0.0', '4.1.3'],
  redis: ['7.4'],
};

/** checkout reads this variable since 1.8.0 and does not start without it. */
export const requiredVariable = 'PAYMENT_CALLBACK_URL';

export function imageOf(service: string, tag: string): string {
  return `registry.shop.example/shop/${service}:${tag}`;
}

/** Why a container of this template does not run; null when it does. */
export function faultOf(template: Template): Fault | null {
  const { image, env } = template.container;
  const [, service = '', tag = ''] = /^registry\.shop\.example\/shop\/([a-z]+):(.+)$/.exec(image) ?? [];
  if (!tags[service]?.includes(tag)) {
    const message = `rpc error: code = NotFound desc = failed to pull and unpack image "${image}": failed to resolve reference "${image}": ${image}: not found`;
    return { kind: 'image_pull', message };
  }
  if (service === 'checkout' && tag === '1.8.0' && env[requiredVariable] === undefined)
    return { kind: 'crash', exitCode: 1, log: crashLog };
  return null;
}

const crashLog = [
  'level=info msg="checkout 1.8.0 starting (simulated estate)"',
  `level=fatal msg="configuration is incomplete" error="required environment variable ${requiredVariable} is not set"`,
];
