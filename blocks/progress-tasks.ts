import type { ShownProgress } from './progress.ts';

type Task = ShownProgress['tasks'][number];

/** Reads of one kind as one line: how many of them have ended, and which could not be read. */
function together(group: string, tasks: readonly Task[]): Task {
  const failed = tasks.filter(({ state }) => state === 'failed');
  const open = tasks.filter(({ state }) => state === 'pending' || state === 'running');
  const state = open.length > 0 ? 'running' : failed.length === tasks.length ? 'failed' : 'done';
  const names = failed.map(({ title }) => title).join(', ');
  const detail = failed.length === 0 ? {} : { detail: `${failed.length} could not be read: ${names}` };
  return { title: `${group}: ${tasks.length - open.length} of ${tasks.length}`, state, ...detail };
}

/** What is shown of tasks: those of a group in the place of the first of them. */
export function shownTasks(tasks: readonly Task[]): readonly Task[] {
  const groups = Map.groupBy(tasks, ({ group }) => group);
  return tasks.flatMap((task) => {
    const all = (task.group === undefined ? undefined : groups.get(task.group)) ?? [task];
    if (all[0] !== task) return [];
    return task.group === undefined || all.length === 1 ? [task] : [together(task.group, all)];
  });
}
