/** A part of a text that a rule is run on: UTF-16 offsets, end exclusive. */
export interface Window {
  readonly start: number;
  readonly end: number;
}

/** Rules read at most 50 characters of a name before their keyword; the Kubernetes one reads 200 between its two parts. */
const before = 320;
const after = 1024;

/** Finding all matches takes time quadratic in a window, even where one match is linear: windows are not joined beyond this. */
const longest = 4096;

/**
 * Windows around the places where a rule's keywords ended, overlapping ones joined up to a limit. A window starts and ends in the text's
 * own terms: a rule's `$` must not mean the end of a window, so the caller widens one whose match reaches its end.
 */
export function windowsAround(hits: readonly number[], length: number): Window[] {
  const windows: Window[] = [];
  let open: { start: number; end: number } | null = null;
  for (const hit of hits) {
    const start = Math.max(0, hit - before);
    const end = Math.min(length, hit + after);
    if (open !== null && start <= open.end && end - open.start <= longest) {
      open.end = end;
      continue;
    }
    if (open !== null) windows.push(open);
    open = { start, end };
  }
  if (open !== null) windows.push(open);
  return windows;
}
