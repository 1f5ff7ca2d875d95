import type { Entity, Finding } from '../contracts/finding.ts';
import { analyzers } from './analyzers/index.ts';
import { compete, type Links } from './compete.ts';
import { ownerOf } from './look.ts';
import type { Snapshot } from './snapshot.ts';
import { callers, callsBySettings } from './topology.ts';

function links(snapshot: Snapshot): Links {
  const hosts = new Map<string, Set<string>>();
  for (const seen of snapshot.pods) {
    const key = `${seen.site}/${seen.pod.namespace}/${ownerOf(seen).name}`;
    hosts.set(key, (hosts.get(key) ?? new Set()).add(seen.pod.node ?? ''));
  }
  const known = new Map<string, ReadonlySet<string>>();
  const callersOf = ({ namespace, name }: Entity) => {
    const key = `${namespace ?? ''}/${name}`;
    const found = known.get(key) ?? callers(snapshot, namespace ?? '', name);
    known.set(key, found);
    return found;
  };
  return {
    dependsOn(entity, on) {
      if (entity.site !== on.site) return false;
      if (on.kind === 'node') return hosts.get(`${entity.site}/${entity.namespace ?? ''}/${entity.name}`)?.has(on.name) === true;
      return entity.namespace === on.namespace && callersOf(on).has(entity.name);
    },
  };
}

/** Everything that explains what was observed, the surest first. Empty: nothing was found in what was looked at. */
export function diagnose(seen: Snapshot): readonly Finding[] {
  const snapshot = { ...seen, calls: [...seen.calls, ...callsBySettings(seen)] };
  return compete(
    analyzers.flatMap((analyze) => analyze(snapshot)),
    links(snapshot),
  );
}
