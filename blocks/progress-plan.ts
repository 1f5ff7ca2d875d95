import { cancelButton } from './cancel-button.ts';
import { actions } from './elements.ts';
import { oneLine, visible } from './escape.ts';
import { progressWords, type ShownProgress } from './progress.ts';
import { shownTasks } from './progress-tasks.ts';
import { line, richText, words } from './rich-text.ts';
import type { Block, MessageView } from './slack.ts';
import { truncate } from './truncate.ts';

const status = { pending: 'pending', running: 'in_progress', done: 'complete', failed: 'error' } as const;

type TaskCard = Extract<Block, { type: 'task_card' }>;

function card(task: ShownProgress['tasks'][number], index: number): TaskCard {
  const details =
    task.detail === undefined
      ? {}
      : { details: richText([line(words(oneLine(task.detail), 256))]) as Extract<Block, { type: 'rich_text' }> };
  return {
    type: 'task_card',
    task_id: `task-${index + 1}`,
    title: truncate(oneLine(task.title), 256, visible) || '(untitled)',
    status: status[task.state],
    ...details,
  };
}

/** For servers that know plan blocks; at most 50 tasks. */
export function progressPlan(progress: ShownProgress): MessageView {
  const tasks = shownTasks(progress.tasks);
  const rest = tasks.length - 50;
  const headline = rest > 0 ? `${progressWords(progress)} … (${rest} more tasks)` : progressWords(progress);
  return {
    text: truncate(oneLine(progressWords(progress)), 300) || '(untitled)',
    blocks: [
      { type: 'plan', title: truncate(oneLine(headline), 256, visible) || '(untitled)', tasks: tasks.slice(0, 50).map(card) },
      ...(progress.open ? [actions(`progress:${progress.incidentId}`, [cancelButton(progress.incidentId)])] : []),
    ],
  };
}
