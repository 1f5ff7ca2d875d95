import { createRegistry } from '../../../tools/registry.ts';
import { createApi } from '../app.ts';
import { HttpSettings } from '../conduct/settings.ts';
import type { ApiOptions } from '../context.ts';

/** Stands for parts that no route touches before it is asked. */
function untouched(): never {
  return new Proxy(() => {}, {
    get: (_target, name) => (typeof name === 'symbol' ? undefined : untouched()),
    apply: () => {
      throw new TypeError('only the routes are described: nothing runs');
    },
  }) as never;
}

/** What `GET /v1/openapi.json` answers, without a database. */
export async function openApiDocument(): Promise<object> {
  const described: Partial<ApiOptions> = { registry: createRegistry(), http: HttpSettings.parse({}), publicUrl: null, signIn: null };
  const parts = new Proxy(described, {
    get: (target, name) => (Object.hasOwn(target, name) ? target[name as keyof ApiOptions] : untouched()),
  }) as ApiOptions;
  const api = await createApi(parts);
  await api.ready();
  return api.swagger();
}
