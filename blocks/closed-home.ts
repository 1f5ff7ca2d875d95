import { section } from './elements.ts';
import type { Home } from './slack.ts';
import { truncate } from './truncate.ts';

/** The home of somebody who may not use this. `message` is plain text. */
export function closedHome(message: string): Home {
  return { type: 'home', blocks: [section(truncate(message, 1000))] };
}
