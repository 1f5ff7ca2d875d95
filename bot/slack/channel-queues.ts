import PQueue from 'p-queue';

/** One call at a time per channel, in order: a call that waits out a rate limit keeps its place. */
export interface ChannelQueues {
  add<T>(channel: string, job: () => Promise<T>): Promise<T>;
}

export function createChannelQueues(): ChannelQueues {
  const queues = new Map<string, PQueue>();
  return {
    async add(channel, job) {
      const queue = queues.get(channel) ?? new PQueue({ concurrency: 1 });
      queues.set(channel, queue);
      try {
        return await queue.add(job);
      } finally {
        if (queue.size === 0 && queue.pending === 0) queues.delete(channel);
      }
    },
  };
}
