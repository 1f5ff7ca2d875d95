import type { Expectation } from '../../tools/contract.ts';
import type { RolloutState } from '../../tools/kubernetes/rollout-state.ts';
import type { StepDraft } from '../contracts/plan.ts';

type Part = 'requests' | 'limits';

/** One value of a workload that is to be another. `from` null: there is none. */
export type Wish =
  | { readonly what: 'image'; readonly container: string; readonly from: string; readonly to: string }
  | { readonly what: 'replicas'; readonly from: number; readonly to: number }
  | {
      readonly what: 'resource';
      readonly container: string;
      readonly part: Part;
      readonly name: string;
      readonly from: string | null;
      readonly to: string;
    };

/** What a direct write would change; words: why that cannot be said as values. Undefined: it is none of those that can be. */
function wishesOf({ operation, input }: StepDraft, state: RolloutState): readonly Wish[] | string | undefined {
  switch (operation) {
    case 'kubernetes.rollout_undo':
      return imagesOfRevision(Number(input['toRevision']), state);
    case 'kubernetes.set_image':
      return changing(images(input['images'] as Record<string, string>, state));
    case 'kubernetes.scale':
      return changing([{ what: 'replicas', from: state.replicas.desired, to: Number(input['replicas']) }]);
    case 'kubernetes.set_resources':
      return changing(resources(input, state));
    default:
      return undefined;
  }
}

/** What several steps on one workload would change, each once; words or undefined: as of one. */
export function wishesOfAll(steps: readonly StepDraft[], state: RolloutState): readonly Wish[] | string | undefined {
  const each = steps.map((step) => wishesOf(step, state));
  if (each.includes(undefined)) return undefined;
  const words = each.find((wishes) => typeof wishes === 'string');
  if (typeof words === 'string') return words;
  const all = each.flatMap((wishes) => (typeof wishes === 'object' ? wishes : []));
  const places = new Set(all.map((wish) => JSON.stringify({ ...wish, from: null, to: null })));
  return places.size === all.length ? all : 'two of its steps change the same value';
}

function changing(all: readonly Wish[]): readonly Wish[] | string {
  const left = all.filter(({ from, to }) => from !== to);
  return left.length > 0 ? left : 'everything that it would change is so already';
}

function imagesOfRevision(revision: number, state: RolloutState): readonly Wish[] | string {
  const target = state.revisions.find((one) => one.revision === revision);
  if (target === undefined) return `revision ${revision} is not kept any more`;
  const wishes = images(target.images, state);
  if (wishes.length > 0) return wishes;
  const { differsIn = [] } = target;
  const what =
    differsIn.length > 0
      ? `what differs is ${some(differsIn)}, which people have to change there`
      : 'what made the difference stands elsewhere';
  return `revision ${revision} has the same images: ${what}`;
}

/** Fields that are named in words. */
const mostNamed = 5;

function some(fields: readonly string[]): string {
  const more = fields.length - mostNamed;
  return `${fields.slice(0, mostNamed).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

/** What of an earlier revision comes back, and what does not, for the goal of the plan; empty: no revision is returned to. */
export function returnedWords(steps: readonly StepDraft[], state: RolloutState, wishes: readonly Wish[]): string {
  const undo = steps.find(({ operation }) => operation === 'kubernetes.rollout_undo');
  if (undo === undefined) return '';
  const revision = Number(undo.input['toRevision']);
  const differsIn = state.revisions.find((one) => one.revision === revision)?.differsIn;
  const containers = wishes.flatMap((wish) => (wish.what === 'image' ? [wish.container] : []));
  const rest =
    differsIn === undefined
      ? `whether more of revision ${revision} differs is not known`
      : differsIn.length === 0
        ? `nothing else of revision ${revision} differs`
        : `what else of revision ${revision} differs stays as it is now: ${some(differsIn)}`;
  return `. Only its images are returned (${some(containers)}): ${rest}`;
}

function images(wanted: Readonly<Record<string, string>>, state: RolloutState): readonly Wish[] {
  return Object.entries(wanted).flatMap(([container, to]): Wish[] => {
    const from = state.images[container];
    return from === undefined || from === to ? [] : [{ what: 'image', container, from, to }];
  });
}

function resources(input: Readonly<Record<string, unknown>>, state: RolloutState): readonly Wish[] {
  const container = String(input['container']);
  const now = state.resources[container];
  return (['requests', 'limits'] as const).flatMap((part) =>
    Object.entries((input[part] ?? {}) as Record<string, string>).map(
      ([name, to]): Wish => ({ what: 'resource', container, part, name, from: now?.[part][name] ?? null, to }),
    ),
  );
}

function expectation(pointer: string, value: string | number | null): Expectation {
  return value === null ? { pointer, op: 'absent' } : { pointer, op: 'eq', value };
}

/** What holds of the state of the rollout with, or without, the change. */
export function holding(wish: Wish, which: 'from' | 'to'): Expectation {
  const value = wish[which];
  if (wish.what === 'replicas') return expectation('/replicas/desired', value);
  if (wish.what === 'image') return expectation(`/images/${wish.container}`, value);
  return expectation(`/resources/${wish.container}/${wish.part}/${wish.name}`, value);
}
