import { z } from 'zod';
import type { Objects } from '../model/index.ts';
import { Meta, type Place, Port, placeOf, Texts } from './common.ts';

const Service = z.looseObject({
  metadata: Meta,
  spec: z.looseObject({
    type: z.string().nullish(),
    clusterIP: z.string().nullish(),
    selector: Texts,
    ports: z
      .array(z.looseObject({ name: z.string().nullish(), port: z.number(), targetPort: Port.nullish(), protocol: z.string().nullish() }))
      .nullish(),
  }),
});

export function service(value: unknown, place: Place): Partial<Objects> {
  const parsed = Service.safeParse(value);
  if (!parsed.success) return {};
  const { metadata, spec } = parsed.data;
  return {
    services: [
      {
        ...placeOf(place, metadata),
        type: spec.type ?? 'ClusterIP',
        selector: spec.selector,
        ...(spec.clusterIP === 'None' ? { headless: true } : {}),
        ports: (spec.ports ?? []).map(({ name, port, targetPort, protocol }) => ({
          name: name ?? null,
          port,
          targetPort: targetPort ?? port,
          protocol: protocol ?? 'TCP',
        })),
      },
    ],
  };
}

const Slice = z.looseObject({
  metadata: Meta,
  endpoints: z
    .array(
      z.looseObject({
        addresses: z.array(z.string()).nullish(),
        conditions: z.looseObject({ ready: z.boolean().nullish() }).nullish(),
      }),
    )
    .nullish(),
});

export function endpointSlice(value: unknown, place: Place): Partial<Objects> {
  const parsed = Slice.safeParse(value);
  if (!parsed.success) return {};
  const { metadata, endpoints } = parsed.data;
  const all = endpoints ?? [];
  const ready = all.filter(({ conditions }) => conditions?.ready !== false).length;
  const { observation, site, namespace, name } = placeOf(place, metadata);
  const owner = metadata.labels['kubernetes.io/service-name'] ?? name;
  return { endpoints: [{ observation, site, namespace, service: owner, ready, notReady: all.length - ready }] };
}

const Backend = z
  .looseObject({
    service: z
      .looseObject({ name: z.string(), port: z.looseObject({ number: z.number().nullish(), name: z.string().nullish() }).nullish() })
      .nullish(),
  })
  .nullish();
const Ingress = z.looseObject({
  metadata: Meta,
  spec: z.looseObject({
    defaultBackend: Backend,
    rules: z
      .array(
        z.looseObject({
          host: z.string().nullish(),
          http: z.looseObject({ paths: z.array(z.looseObject({ path: z.string().nullish(), backend: Backend })) }).nullish(),
        }),
      )
      .nullish(),
  }),
});

export function ingress(value: unknown, place: Place): Partial<Objects> {
  const parsed = Ingress.safeParse(value);
  if (!parsed.success) return {};
  const { metadata, spec } = parsed.data;
  const { name, ...at } = placeOf(place, metadata);
  const paths = (spec.rules ?? []).flatMap(({ host, http }) => (http?.paths ?? []).map((path) => ({ host: host ?? '', ...path })));
  const all = [...paths, { host: '', path: '', backend: spec.defaultBackend }];
  return {
    routes: all.flatMap(({ host, path, backend }) =>
      backend?.service == null
        ? []
        : [
            {
              ...at,
              source: `ingress/${name}`,
              id: name,
              path: `${host}${path ?? '/'}`,
              backend: { service: backend.service.name, port: backend.service.port?.number ?? backend.service.port?.name ?? null },
            },
          ],
    ),
  };
}

const HttpRoute = z.looseObject({
  metadata: Meta,
  spec: z.looseObject({
    rules: z
      .array(
        z.looseObject({
          matches: z.array(z.looseObject({ path: z.looseObject({ value: z.string().nullish() }).nullish() })).nullish(),
          backendRefs: z
            .array(
              z.looseObject({ kind: z.string().nullish(), name: z.string(), namespace: z.string().nullish(), port: z.number().nullish() }),
            )
            .nullish(),
        }),
      )
      .nullish(),
  }),
});

/** Of the Gateway API. */
export function httpRoute(value: unknown, place: Place): Partial<Objects> {
  const parsed = HttpRoute.safeParse(value);
  if (!parsed.success) return {};
  const { name, ...at } = placeOf(place, parsed.data.metadata);
  return {
    routes: (parsed.data.spec.rules ?? []).flatMap(({ matches, backendRefs }) =>
      (backendRefs ?? [])
        .filter(({ kind, namespace }) => (kind ?? 'Service') === 'Service' && (namespace ?? at.namespace) === at.namespace)
        .map((backend) => ({
          ...at,
          source: `httproute/${name}`,
          id: name,
          path: matches?.[0]?.path?.value ?? '/',
          backend: { service: backend.name, port: backend.port ?? null },
        })),
    ),
  };
}

const Peer = z.looseObject({
  podSelector: z.looseObject({ matchLabels: Texts, matchExpressions: z.array(z.unknown()).nullish() }).nullish(),
  namespaceSelector: z.unknown().optional(),
  ipBlock: z.unknown().optional(),
});
const Rule = z.looseObject({
  from: z.array(Peer).nullish(),
  ports: z.array(z.looseObject({ port: Port.nullish(), endPort: z.number().nullish() })).nullish(),
});
type Rule = z.infer<typeof Rule>;

/** Labels of those whom a rule lets in; null: others too, or by more than equal labels. */
function callersOf({ from }: Rule): Record<string, string>[] | null {
  const peers = from ?? [];
  const plain = peers.every((peer) => peer.podSelector != null && peer.namespaceSelector == null && peer.ipBlock == null);
  const labels = peers.map(({ podSelector }) => podSelector?.matchLabels ?? {});
  const exact = peers.every(({ podSelector }) => (podSelector?.matchExpressions ?? []).length === 0);
  return peers.length > 0 && plain && exact && labels.every((one) => Object.keys(one).length > 0) ? labels : null;
}

/** Ports that a rule opens; null: all, or ranges. */
function portsOf({ ports }: Rule): (number | string)[] | null {
  const all = (ports ?? []).map(({ port, endPort }) => (endPort == null ? (port ?? null) : null));
  return all.length > 0 && all.every((port) => port !== null) ? all : null;
}

const Policy = z.looseObject({
  metadata: Meta,
  spec: z.looseObject({
    podSelector: z.looseObject({ matchLabels: Texts }).nullish(),
    policyTypes: z.array(z.string()).nullish(),
    ingress: z.array(Rule).nullish(),
    egress: z.array(Rule).nullish(),
  }),
});

export function networkPolicy(value: unknown, place: Place): Partial<Objects> {
  const parsed = Policy.safeParse(value);
  if (!parsed.success) return {};
  const { metadata, spec } = parsed.data;
  const types = spec.policyTypes ?? ['Ingress'];
  const denies = [
    ...(types.includes('Ingress') && (spec.ingress ?? []).length === 0 ? (['ingress'] as const) : []),
    ...(types.includes('Egress') && (spec.egress ?? []).length === 0 ? (['egress'] as const) : []),
  ];
  const allows = (['ingress', 'egress'] as const).filter((way) => (spec[way] ?? []).length > 0);
  const rules = (way: 'ingress' | 'egress') => (spec[way] ?? []).map((rule) => ({ callers: callersOf(rule), ports: portsOf(rule) }));
  const opens = { ingress: rules('ingress'), egress: rules('egress') };
  const podSelector = spec.podSelector?.matchLabels ?? {};
  return { networkPolicies: [{ ...placeOf(place, metadata), podSelector, deniesAll: denies, allows, opens }] };
}
