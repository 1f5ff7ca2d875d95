/** What an investigation is doing, for either rendering. */
export interface ShownProgress {
  readonly incidentId: string;
  readonly headline: string;
  readonly tasks: readonly {
    readonly title: string;
    readonly state: 'pending' | 'running' | 'done' | 'failed';
    readonly detail?: string;
    /** Shown as one line with the others of it. */
    readonly group?: string;
  }[];
  /** Whether there is still something to cancel. */
  readonly open: boolean;
}

/** One line for notifications, e.g. `Investigating checkout (3 of 12)`. Not escaped. */
export function progressWords(progress: ShownProgress): string {
  const ended = progress.tasks.filter((task) => task.state === 'done' || task.state === 'failed').length;
  return progress.tasks.length === 0 ? progress.headline : `${progress.headline} (${ended} of ${progress.tasks.length})`;
}
