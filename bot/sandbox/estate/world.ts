import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { advance, nextDue } from './model/advance.ts';
import { seed } from './model/seed.ts';
import type { EstateState } from './model/state.ts';
import { applyEvent, type EstateEvent } from './model/writes.ts';
import type { Scenario } from './scenarios/scenario.ts';

/** The model with its clock and its file. Everything that reads or changes the state goes through here. */
export interface World {
  readonly state: EstateState;
  readonly now: () => number;
  /** Brings the model to now. */
  advance(): void;
  apply(event: EstateEvent): void;
  /** Writes the file: whole, or not at all. */
  save(): void;
}

/** Resumes from the file when it is of the same scenario; starts anew otherwise. */
export function openWorld(path: string, scenario: Scenario, now: () => number): World {
  const state = load(path, scenario.name) ?? seed(scenario, now());
  const world: World = {
    state,
    now,
    advance: () => {
      const due = nextDue(state);
      if (due !== null && due <= now() && advance(state, now())) world.save();
    },
    apply: (event) => {
      world.advance();
      applyEvent(state, event, now());
      world.save();
    },
    save: () => {
      writeFileSync(`${path}.next`, JSON.stringify(state), { mode: 0o600 });
      renameSync(`${path}.next`, path);
    },
  };
  world.advance();
  world.save();
  return world;
}

function load(path: string, scenario: string): EstateState | null {
  try {
    // A file of before annotations has none.
    const kept = JSON.parse(readFileSync(path, 'utf8')) as Partial<EstateState>;
    const state = { annotations: {}, ...kept } as EstateState;
    return state.scenario === scenario ? state : null;
  } catch (error) {
    if (error instanceof SyntaxError || (error instanceof Error && 'code' in error && error.code === 'ENOENT')) return null;
    throw error;
  }
}
