import type { Objects } from '../../../../workflows/diagnosis/model/index.ts';
import { child, described, pairs, said } from './describe.ts';
import { labelsOf, table } from './table.ts';

interface At {
  readonly observation: string;
  readonly site: string;
}

function taint(text: string): { key: string; value: string | null; effect: string } | null {
  const found = /^([^=:]+)(?:=([^:]*))?:(\w+)$/.exec(text.trim());
  return found === null ? null : { key: found[1] ?? '', value: found[2] ?? null, effect: found[3] ?? '' };
}

export function nodeOf(text: string, at: At): Partial<Objects> {
  const parts = described(text);
  const conditions = (child(parts, 'Conditions')?.lines ?? []).slice(2).map((line) => line.split(/\s{2,}/));
  const ready = conditions.find(([type]) => type === 'Ready')?.[1];
  const taints = child(parts, 'Taints');
  const allocatable = Object.fromEntries((child(parts, 'Allocatable')?.children ?? []).map(({ key, value }) => [key, value]));
  const rows = (child(parts, 'Allocated resources')?.lines ?? []).map((line) => line.split(/\s{2,}|\s+(?=\()/));
  const requested = Object.fromEntries(rows.flatMap(([resource = '', asked = '']) => (/^\d/.test(asked) ? [[resource, asked]] : [])));
  return {
    nodes: [
      {
        ...at,
        name: said(parts, 'Name'),
        ready: ready === 'True' ? true : ready === 'False' ? false : null,
        unschedulable: said(parts, 'Unschedulable') === 'true',
        controlPlane: /control-plane|master/.test(said(parts, 'Roles')),
        labels: pairs(parts, 'Labels'),
        taints: [taints?.value ?? '', ...(taints?.lines ?? [])].flatMap((each) => taint(each) ?? []),
        allocatable,
        requested,
        pressures: conditions.flatMap(([type = '', status]) => (type.endsWith('Pressure') && status === 'True' ? [type] : [])),
      },
    ],
  };
}

export function nodeServiceOf(text: string, node: string, service: string, at: At): Partial<Objects> {
  const state = /^\s*Active:\s*(.*)$/m.exec(text)?.[1];
  if (state === undefined || /Loaded: not-found/.test(text)) return {};
  return {
    nodeServices: [{ ...at, node, service, active: /^(active|reloading|activating \(start)/.test(state), detail: state.slice(0, 200) }],
  };
}

export function serviceOf(text: string, at: At): Partial<Objects> {
  const parts = described(text);
  const ports = parts.flatMap((part, index) => {
    if (part.key !== 'Port') return [];
    const [name, port = ''] = part.value.split(/\s+/);
    const target =
      parts
        .slice(index + 1)
        .find(({ key }) => key === 'TargetPort')
        ?.value.split('/')[0] ?? '';
    const [number, protocol = 'TCP'] = port.split('/');
    const targetPort = /^\d+$/.test(target) ? Number(target) : target;
    return [{ name: name === '<unset>' ? null : (name ?? null), port: Number(number), targetPort, protocol }];
  });
  const name = said(parts, 'Name');
  const selector = child(parts, 'Selector')?.value ?? '';
  if (name === '') return {};
  return {
    services: [
      {
        ...{ ...at, namespace: said(parts, 'Namespace'), name, type: said(parts, 'Type'), selector: labelsOf(selector), ports },
        ...(child(parts, 'IP')?.value === 'None' ? { headless: true } : {}),
      },
    ],
  };
}

const addresses = (text: string) => (text === '' ? 0 : text.split(',').length);

export function endpointsOf(text: string, at: At): Partial<Objects> {
  const parts = described(text);
  const service = said(parts, 'Name');
  const subsets = child(parts, 'Subsets')?.children ?? [];
  const sum = (key: string) =>
    subsets.filter((part) => part.key === key).reduce((all, { value }) => all + addresses(value === '<none>' ? '' : value), 0);
  if (service === '') return {};
  return {
    endpoints: [{ ...at, namespace: said(parts, 'Namespace'), service, ready: sum('Addresses'), notReady: sum('NotReadyAddresses') }],
  };
}

const modes: Readonly<Record<string, string>> = {
  RWO: 'ReadWriteOnce',
  ROX: 'ReadOnlyMany',
  RWX: 'ReadWriteMany',
  RWOP: 'ReadWriteOncePod',
};

export function volumeOf(text: string, at: At): Partial<Objects> {
  const parts = described(text);
  const name = said(parts, 'Name');
  if (name === '') return {};
  return {
    volumes: [
      {
        ...at,
        name,
        phase: said(parts, 'Status'),
        storageClass: said(parts, 'StorageClass'),
        accessModes: said(parts, 'Access Modes')
          .split(',')
          .flatMap((mode) => modes[mode.trim()] ?? []),
        capacity: said(parts, 'Capacity') || null,
        labels: pairs(parts, 'Labels'),
        claim: said(parts, 'Claim') || null,
      },
    ],
  };
}

export function quotaOf(text: string, at: At): Partial<Objects> {
  const parts = described(text);
  const rows = text.split('\n').slice(text.split('\n').findIndex((line) => line.startsWith('--------')) + 1);
  const items = rows.flatMap((row) => {
    const [resource, used, hard] = row.trim().split(/\s+/);
    return resource === undefined || used === undefined || hard === undefined ? [] : [{ resource, used, hard }];
  });
  return { quotas: [{ ...at, namespace: said(parts, 'Namespace'), name: said(parts, 'Name'), items }] };
}

/** Names in a list; null where the list could not be read. */
export function inventoryOf(text: string, kind: string, namespace: string | null, at: At): Partial<Objects> {
  const empty = text.trim() === '' || text.startsWith('No resources found');
  const rows = table(text);
  return empty || rows.length > 0 ? { inventories: [{ ...at, kind, namespace, names: rows.map((row) => row['NAME'] ?? '') }] } : {};
}
