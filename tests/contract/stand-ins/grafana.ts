import { crc32, deflateSync } from 'node:zlib';
import { z } from 'zod';
import { type Answer, type Asked, type StandIn, serve, unknownIn } from './serve.ts';

/**
 * A stand-in of Grafana's HTTP API: the parameters, bodies and answers that its published OpenAPI document has, as the generated client
 * github.com/grafana/grafana-openapi-client-go v0.0.0-20260330113218 has them; for silences those of Alertmanager's API v2. What the document
 * does not know is refused.
 */

const tokens = { reader: 'made-up-grafana-reader', writer: 'made-up-grafana-writer' };

export { tokens as grafanaTokens };

function chunk(name: string, data: Uint8Array): Buffer {
  const [length, checksum] = [Buffer.alloc(4), Buffer.alloc(4)];
  const named = Buffer.concat([Buffer.from(name, 'latin1'), data]);
  length.writeUInt32BE(data.length);
  checksum.writeUInt32BE(crc32(named));
  return Buffer.concat([length, named, checksum]);
}

/** Black, in shades of grey: https://www.w3.org/TR/png-3/#11IHDR. */
export function blackPicture(width: number, height: number): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.writeUInt8(8, 8);
  const lines = deflateSync(Buffer.alloc((width + 1) * height));
  return Buffer.concat([
    Buffer.from('89504e470d0a1a0a', 'hex'),
    ...[chunk('IHDR', header), chunk('IDAT', lines), chunk('IEND', Buffer.alloc(0))],
  ]);
}

/** `PostAnnotationsCmd` */
const PostAnnotation = z.strictObject({
  dashboardUID: z.string().optional(),
  panelId: z.int().optional(),
  time: z.int(),
  timeEnd: z.int().optional(),
  tags: z.array(z.string()).optional(),
  text: z.string().min(1),
});

/** `PostableSilence` */
const PostSilence = z.strictObject({
  id: z.string().optional(),
  matchers: z.array(z.strictObject({ name: z.string(), value: z.string(), isRegex: z.boolean(), isEqual: z.boolean().optional() })).min(1),
  startsAt: z.iso.datetime(),
  endsAt: z.iso.datetime(),
  createdBy: z.string(),
  comment: z.string(),
});

/** `ProvisionedAlertRule` */
const Rule = z.strictObject({
  id: z.int().optional(),
  uid: z.string(),
  orgID: z.int(),
  folderUID: z.string(),
  ruleGroup: z.string(),
  title: z.string(),
  condition: z.string(),
  data: z.array(z.looseObject({ refId: z.string() })),
  updated: z.iso.datetime().optional(),
  noDataState: z.string(),
  execErrState: z.string(),
  for: z.string(),
  keep_firing_for: z.string().optional(),
  annotations: z.record(z.string(), z.string()).optional(),
  labels: z.record(z.string(), z.string()).optional(),
  provenance: z.string().optional(),
  isPaused: z.boolean().optional(),
});
type Rule = z.infer<typeof Rule>;

const rule = (uid: string, provenance: string): Rule => ({
  ...{
    id: 1,
    uid,
    orgID: 1,
    folderUID: 'folder',
    ruleGroup: 'shop',
    title: `Rule ${uid}`,
    condition: 'A',
    updated: '2026-01-02T03:00:00Z',
  },
  ...{ data: [{ refId: 'A', model: { expr: 'up' } }], noDataState: 'NoData', execErrState: 'Error', for: '5m', keep_firing_for: '0s' },
  ...{ provenance, isPaused: false, labels: { severity: 'page' } },
});

interface State {
  readonly annotations: Map<number, z.infer<typeof PostAnnotation>>;
  readonly silences: Map<string, z.infer<typeof PostSilence>>;
  readonly rules: Map<string, Rule>;
  /** `old`: it does not say whether there is one. */
  renderer: 'there' | 'missing' | 'missing, old' | 'busy' | 'cut off';
}

const message = (status: number, text: string): Answer => ({ status, body: { message: text } });
const json = (body: unknown, status = 200): Answer => ({ status, body });

type Handler = (state: State, asked: Asked, part: string) => Answer;

const dashboard = {
  dashboard: {
    ...{ uid: 'shop', title: 'Shop', tags: ['shop'], schemaVersion: 39 },
    templating: { list: [{ name: 'cluster', type: 'query' }] },
    panels: [
      {
        id: 4,
        title: 'Errors',
        type: 'timeseries',
        datasource: { type: 'prometheus', uid: 'prom' },
        targets: [{ refId: 'A', expr: 'rate(errors[5m])' }],
      },
      {
        id: 9,
        title: 'More',
        type: 'row',
        collapsed: true,
        panels: [{ id: 5, title: 'Orders', type: 'stat', targets: [{ refId: 'A', rawSql: 'SELECT 1' }] }],
      },
    ],
  },
  meta: { folderTitle: 'Teams', updated: '2026-01-02T03:00:00Z', updatedBy: 'ada', version: 7 },
};

function annotationsIn(state: State, { query }: Asked): Answer {
  const bad = unknownIn(query, [
    'from',
    'to',
    'userId',
    'alertId',
    'alertUID',
    'dashboardId',
    'dashboardUID',
    'panelId',
    'limit',
    'tags',
    'type',
    'matchAny',
  ]);
  if (bad.length > 0) return message(400, `no parameter ${bad[0]}`);
  const [from, to, tag] = [Number(query.get('from')), Number(query.get('to')), query.get('tags')];
  const found = [...state.annotations].filter(
    ([, one]) =>
      one.time <= to &&
      (one.timeEnd ?? one.time) >= from &&
      (tag === null || one.tags?.includes(tag)) &&
      (query.get('dashboardUID') ?? one.dashboardUID) === one.dashboardUID,
  );
  return json(found.map(([id, one]) => ({ id, alertId: 0, ...one, login: 'sa-watchkeeper' })));
}

function silenceList({ silences }: State): Answer {
  const now = Date.now();
  const stateOf = (one: z.infer<typeof PostSilence>) => {
    if (Date.parse(one.endsAt) <= now) return 'expired';
    return Date.parse(one.startsAt) > now ? 'pending' : 'active';
  };
  return json([...silences].map(([id, one]) => ({ ...one, id, status: { state: stateOf(one) }, updatedAt: '2026-01-02T03:00:00.000Z' })));
}

function putRule(state: State, { body, headers }: Asked, uid: string): Answer {
  const before = state.rules.get(uid);
  if (before === undefined) return message(404, 'alert rule not found');
  const next = Rule.safeParse(body);
  if (!next.success) return message(400, 'bad alert rule');
  const provenance = headers['x-disable-provenance'] === 'true' ? '' : 'api';
  if (before.provenance !== '' && before.provenance !== provenance) return message(409, 'cannot change provenance');
  const stored = { ...next.data, provenance, updated: new Date(Date.parse(before.updated ?? '') + 1000).toISOString() };
  state.rules.set(uid, stored);
  return json(stored);
}

/** Of an OpenAPI document: method, path with one parameter at most, whether it changes anything, what it does. */
const routes: readonly (readonly [string, RegExp, 'read' | 'write', Handler])[] = [
  [
    'GET',
    /^\/api\/search$/,
    'read',
    (_state, { query }) => {
      const bad = unknownIn(query, [
        'query',
        'tag',
        'type',
        'dashboardIds',
        'dashboardUIDs',
        'folderIds',
        'folderUIDs',
        'starred',
        'limit',
        'page',
        'permission',
        'sort',
        'deleted',
      ]);
      if (bad.length > 0 || !['dash-db', 'dash-folder', null].includes(query.get('type'))) return message(422, 'bad query');
      return json([{ id: 1, uid: 'shop', title: 'Shop', type: 'dash-db', tags: ['shop'], folderTitle: 'Teams', url: '/d/shop/shop' }]);
    },
  ],
  [
    'GET',
    /^\/api\/dashboards\/uid\/([^/]+)$/,
    'read',
    (_state, _asked, uid) => (uid === 'shop' ? json(dashboard) : message(404, 'Dashboard not found')),
  ],
  [
    'GET',
    /^\/api\/datasources$/,
    'read',
    () =>
      json([
        { id: 1, uid: 'prom', name: 'Prometheus', type: 'prometheus', url: 'http://user:made-up-password@prom:9090', isDefault: true },
      ]),
  ],
  [
    'GET',
    /^\/api\/datasources\/uid\/([^/]+)\/health$/,
    'read',
    (_state, _asked, uid) => {
      if (uid === 'prom') return json({ status: 'OK', message: 'Successfully queried the Prometheus API.' });
      return uid === 'broken' ? json({ status: 'ERROR', message: 'connection refused' }, 400) : message(404, 'Data source not found');
    },
  ],
  [
    'GET',
    /^\/api\/prometheus\/grafana\/api\/v1\/rules$/,
    'read',
    ({ rules }) => {
      const calm = { state: 'inactive', health: 'ok', type: 'alerting', lastError: '' };
      const all = [...rules.values()].map(({ uid, title, isPaused, labels }) => ({
        ...calm,
        uid,
        name: title,
        isPaused,
        labels,
        alerts: [],
      }));
      const alerts = [{ state: 'Alerting', labels: { service: 'checkout' }, activeAt: '2026-01-02T03:00:00Z', value: '1e+00' }];
      const firing = { ...calm, uid: 'firing', name: 'Firing', state: 'firing', labels: {}, alerts };
      return json({ status: 'success', data: { groups: [{ name: 'shop', file: 'Teams', rules: [...all, firing] }] } });
    },
  ],
  [
    'GET',
    /^\/api\/v1\/provisioning\/alert-rules\/([^/]+)$/,
    'read',
    ({ rules }, _asked, uid) => (rules.has(uid) ? json(rules.get(uid)) : message(404, '')),
  ],
  ['PUT', /^\/api\/v1\/provisioning\/alert-rules\/([^/]+)$/, 'write', putRule],
  [
    'GET',
    /^\/api\/access-control\/user\/permissions$/,
    'read',
    () => json({ 'annotations:read': ['annotations:type:*'], 'alert.provisioning:read': [''], 'plugins:install': ['*'] }),
  ],
  ['GET', /^\/api\/annotations$/, 'read', annotationsIn],
  [
    'POST',
    /^\/api\/annotations$/,
    'write',
    ({ annotations }, { body }) => {
      const posted = PostAnnotation.safeParse(body);
      if (!posted.success) return message(400, 'bad annotation');
      const id = annotations.size + 100;
      annotations.set(id, posted.data);
      return json({ id, message: 'Annotation added' });
    },
  ],
  [
    'DELETE',
    /^\/api\/annotations\/(\d+)$/,
    'write',
    ({ annotations }, _asked, id) =>
      annotations.delete(Number(id)) ? json({ message: 'Annotation deleted' }) : message(404, 'Annotation not found'),
  ],
  ['GET', /^\/api\/alertmanager\/grafana\/api\/v2\/silences$/, 'read', silenceList],
  [
    'POST',
    /^\/api\/alertmanager\/grafana\/api\/v2\/silences$/,
    'write',
    ({ silences }, { body }) => {
      const posted = PostSilence.safeParse(body);
      if (!posted.success || posted.data.endsAt <= posted.data.startsAt) return message(400, 'bad silence');
      const id = crypto.randomUUID();
      silences.set(id, posted.data);
      return json({ silenceID: id }, 202);
    },
  ],
  [
    'DELETE',
    /^\/api\/alertmanager\/grafana\/api\/v2\/silence\/([^/]+)$/,
    'write',
    ({ silences }, _asked, id) => {
      const silence = silences.get(id);
      if (silence === undefined) return message(404, 'silence not found');
      silences.set(id, { ...silence, endsAt: new Date().toISOString() });
      return json({ message: 'silence deleted' });
    },
  ],
  [
    'GET',
    /^\/api\/frontend\/(settings)$/,
    'read',
    ({ renderer }) => json(renderer === 'missing, old' ? {} : { buildInfo: {}, rendererAvailable: renderer !== 'missing' }),
  ],
  [
    'GET',
    /^\/render\/d-solo\/([^/]+)$/,
    'read',
    ({ renderer }, { query, headers }) => {
      const bad = unknownIn(query, ['panelId', 'from', 'to', 'width', 'height', 'scale', 'theme', 'tz', 'timeout', 'kiosk']);
      if (bad.length > 0 || headers.accept !== 'image/png') return message(400, 'bad request');
      // Where it has nothing to show it answers a picture that says so, in older versions a page.
      if (renderer === 'missing, old')
        return { status: 200, body: Buffer.from('<html>No image renderer available</html>'), type: 'text/html' };
      const picture = blackPicture(Number(query.get('width')), Number(query.get('height')));
      if (renderer === 'missing' || renderer === 'busy') return { status: 200, body: blackPicture(1000, 500), type: 'image/png' };
      return { status: 200, body: renderer === 'there' ? picture : picture.subarray(0, 50), type: 'image/png' };
    },
  ],
];

export interface Grafana extends StandIn {
  readonly state: State;
}

export async function startGrafana(): Promise<Grafana> {
  const state: State = {
    ...{ annotations: new Map(), silences: new Map(), renderer: 'there' },
    rules: new Map([
      ['own', rule('own', '')],
      ['provisioned', rule('provisioned', 'file')],
    ]),
  };
  const standIn = await serve((asked) => {
    const { authorization } = asked.headers;
    if (authorization !== `Bearer ${tokens.reader}` && authorization !== `Bearer ${tokens.writer}`) return message(401, 'Unauthorized');
    const found = routes.find(([method, path]) => method === asked.method && path.test(asked.path));
    if (found === undefined) return message(404, 'Not found');
    const [, path, kind, handle] = found;
    if (kind === 'write' && authorization !== `Bearer ${tokens.writer}`)
      return message(403, "You'll need additional permissions to perform this action.");
    if (asked.body !== null && asked.headers['content-type'] !== 'application/json') return message(400, 'bad request data');
    return handle(state, asked, path.exec(asked.path)?.[1] ?? '');
  });
  return { ...standIn, state };
}
