import { z } from 'zod';
import { ApiRefused, ApiUnavailable } from '../api/client.ts';
import { connect } from '../cli/connect.ts';
import type { Reading } from '../config.ts';
import { type Finding, fine, problem, wordsOf } from './finding.ts';

const Incidents = z.object({ items: z.array(z.unknown()) });
const name = 'API';

function todoOf(error: unknown): string {
  if (error instanceof ApiRefused && error.problem.status === 401)
    return 'sign in (watchkeeper login), or set WATCHKEEPER_TOKEN to a service token that is valid (watchkeeper token list, token create)';
  if (error instanceof ApiRefused)
    return 'use a token with the scope read: watchkeeper token create NAME --scope read, then WATCHKEEPER_TOKEN';
  if (error instanceof ApiUnavailable) return 'start it (watchkeeper up, or watchkeeper serve --role bot), or correct WATCHKEEPER_URL';
  return 'set WATCHKEEPER_TOKEN, or sign in: watchkeeper login';
}

/** Whether commands and runners on this machine get in. */
export async function checkApi({ given }: Reading): Promise<Finding> {
  const url = given['WATCHKEEPER_URL'];
  if (url === undefined) return fine(name, 'WATCHKEEPER_URL is not set: commands here talk to no server');
  try {
    await connect(given, 5_000).request('GET', '/v1/incidents?limit=1', Incidents);
    return fine(name, `${url} answers, and takes the token`);
  } catch (error) {
    return problem(name, `${url}: ${wordsOf(error)}`, todoOf(error));
  }
}
