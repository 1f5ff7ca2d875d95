import { LinearClient } from '@linear/sdk';
import { PeerUnavailable } from '../errors.ts';
import { peerErrorOf } from './errors.ts';
import type { Read } from './queries.ts';

export interface LinearClientOptions {
  /** A key of a person (`lin_api_…`), or the token of an app (`lin_oauth_…`). */
  readonly apiKey: string;
  /** `https://api.linear.app/graphql`; http only on the loopback. */
  readonly apiUrl: string;
  readonly teamKey: string;
  /** Milliseconds for one call; 10,000 unless given. */
  readonly timeoutMs?: number;
}

/** Calls with a timeout each, and errors that hold no payload. */
export interface Api {
  call<T>(use: (client: LinearClient) => Promise<T>): Promise<T>;
  read<T>(read: Read<T>, variables: Record<string, unknown>): Promise<T>;
}

/** Tokens of an app go by another header than keys of a person. */
function credential(apiKey: string): { readonly apiKey: string } | { readonly accessToken: string } {
  return apiKey.startsWith('lin_oauth_') ? { accessToken: apiKey } : { apiKey };
}

/** A client per call, because a timeout belongs to one call and the SDK takes its signal when it is made. */
export function createApi({ apiKey, apiUrl, timeoutMs = 10_000 }: LinearClientOptions): Api {
  const call: Api['call'] = async (use) => {
    try {
      return await use(new LinearClient({ ...credential(apiKey), apiUrl, signal: AbortSignal.timeout(timeoutMs) }));
    } catch (error) {
      throw peerErrorOf(error);
    }
  };
  return {
    call,
    read: async (read, variables) => {
      const { data } = await call((client) => client.client.rawRequest<unknown, Record<string, unknown>>(read.document, variables));
      const parsed = read.answer.safeParse(data);
      if (!parsed.success) throw new PeerUnavailable('Linear answered in an unknown shape');
      return parsed.data;
    },
  };
}
