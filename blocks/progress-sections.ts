import { cancelButton } from './cancel-button.ts';
import { actions, section } from './elements.ts';
import { oneLine } from './escape.ts';
import { progressWords, type ShownProgress } from './progress.ts';
import { shownTasks } from './progress-tasks.ts';
import type { MessageView } from './slack.ts';
import { first, truncate } from './truncate.ts';

const mark = { pending: '○', running: '◐', done: '✓', failed: '✗' } as const;

function taskLine(task: ShownProgress['tasks'][number]): string {
  const detail = task.detail === undefined ? '' : `: ${truncate(oneLine(task.detail), 60)}`;
  return `${mark[task.state]} ${truncate(oneLine(task.title), 80)}${detail}`;
}

/** For servers that do not know plan blocks. */
export function progressSections(progress: ShownProgress): MessageView {
  const lines = first(shownTasks(progress.tasks), 15, taskLine);
  return {
    text: truncate(oneLine(progressWords(progress)), 300) || '(untitled)',
    blocks: [
      section(`*${truncate(oneLine(progressWords(progress)), 300)}*`),
      ...(lines.length > 0 ? [section(lines.join('\n'))] : []),
      ...(progress.open ? [actions(`progress:${progress.incidentId}`, [cancelButton(progress.incidentId)])] : []),
    ],
  };
}
