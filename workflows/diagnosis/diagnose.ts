import type { Entity, Finding, FindingChange } from '../contracts/finding.ts';
import { analyzers } from './analyzers/index.ts';
import { bounded } from './bounded.ts';
import { changesBefore, type RankedChange } from './changes.ts';
import { compete, type Links } from './compete.ts';
import { withContradictions, withWhatHeld } from './contradict.ts';
import { ownerOf } from './look.ts';
import type { SeenPod } from './model/workload.ts';
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

/** Without the pods of jobs that came to a good end: what of them failed was tried again. */
function withoutRetried(snapshot: Snapshot): Snapshot {
  const done = new Set(
    snapshot.jobs
      .filter(({ succeeded, active, failure }) => succeeded > 0 && active === 0 && failure === null)
      .map(({ site, namespace, name }) => `${site}/${namespace}/${name}`),
  );
  const retried = ({ site, pod }: SeenPod) =>
    pod.phase === 'Failed' && pod.owner?.kind === 'Job' && done.has(`${site}/${pod.namespace}/${pod.owner.name}`);
  return done.size === 0 ? snapshot : { ...snapshot, pods: snapshot.pods.filter((seen) => !retried(seen)) };
}

/** Everything that explains what was observed, the surest first. Empty: nothing was found in what was looked at. */
export function diagnose(seen: Snapshot): readonly Finding[] {
  const snapshot = { ...withoutRetried(seen), calls: [...seen.calls, ...callsBySettings(seen)] };
  const linked = links(snapshot);
  const found = compete(
    analyzers.flatMap((analyze) => analyze(snapshot)),
    linked,
  );
  return found
    .map((finding) => withChanges(snapshot, withWhatHeld(snapshot, withContradictions(snapshot, finding)), linked))
    .toSorted((a, b) => b.confidence - a.confidence);
}

/** A change has to be as likely as this to be named, and as that to be listed. */
const likely = 0.5;
const possible = 0.2;
/** Changes that are listed. */
const most = 3;
/** These tell of their rollout by themselves. */
const tellsRollout = new Set(['failing-revision', 'error-rate']);

function listed({ observation, words, because, score, age, url, entity }: RankedChange, at: Date): FindingChange {
  return {
    ...{
      observation,
      words: bounded(words, 300),
      because: bounded(because, 300),
      score,
      url: url !== null && url.length <= 500 ? url : null,
    },
    ...{ subject: bounded(`${entity.kind} ${entity.name}`, 200), at: new Date(at.getTime() - age * 1_000).toISOString() },
  };
}

/** Lists what changed before a finding, the likeliest first, and names the first where it can have brought it about. */
function withChanges(snapshot: Snapshot, finding: Finding, linked: Links): Finding {
  const ranked = changesBefore(snapshot, finding, linked).filter(
    ({ kind, score }) => score >= possible && !(tellsRollout.has(finding.analyzer) && (kind === 'rollout' || kind === 'scaling')),
  );
  const [change] = ranked;
  if (change === undefined) return finding;
  const changes = ranked.slice(0, most).map((each) => listed(each, snapshot.at));
  if (change.score < likely) return { ...finding, changes };
  const known = finding.edges.some(({ observation }) => observation === change.observation);
  const edge = { observation: change.observation, relation: 'supports' as const, excerpt: bounded(`before it: ${change.words}`, 500) };
  return {
    ...finding,
    mechanism: bounded(`${finding.mechanism} Before it: ${change.words} (${change.because}).`, 1_000),
    edges: known ? finding.edges : [...finding.edges, edge],
    changes,
  };
}
