import type { AnyOperation } from '../operation.ts';
import { describe } from './describe.ts';
import { events } from './events.ts';
import { get } from './get.ts';
import { logs } from './logs.ts';
import { rolloutHistory } from './rollout-history.ts';
import { rolloutRestart } from './rollout-restart.ts';
import { rolloutState } from './rollout-state.ts';
import { rolloutStatus } from './rollout-status.ts';
import { rolloutTemplate } from './rollout-template.ts';
import { rolloutUndo } from './rollout-undo.ts';
import { scale } from './scale.ts';
import { setImage } from './set-image.ts';
import { top } from './top.ts';
import { workloads } from './workloads.ts';

export const operations: readonly AnyOperation[] = [
  describe,
  events,
  get,
  logs,
  rolloutHistory,
  rolloutRestart,
  rolloutState,
  rolloutStatus,
  rolloutTemplate,
  rolloutUndo,
  scale,
  setImage,
  top,
  workloads,
];
