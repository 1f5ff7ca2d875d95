import { PeerRefused } from '../errors.ts';

/** Creates, and takes a refusal as success when the thing is there: an earlier attempt made it and its answer was lost. */
export async function ensure(create: () => Promise<unknown>, exists: () => Promise<boolean>): Promise<void> {
  try {
    await create();
  } catch (error) {
    if (!(error instanceof PeerRefused) || !(await exists())) throw error;
  }
}
