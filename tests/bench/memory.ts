import { readdirSync, readFileSync } from 'node:fs';

export interface Peaks {
  /** Megabytes of this process, above what it had before. */
  readonly own: number;
  /** Megabytes of the largest process of that name. */
  readonly program: number;
  /** Seconds of the processor, of this process and of what it started: beside other load they say more than the clock. */
  readonly cpu: number;
}

/** `utime stime cutime cstime`, in hundredths of a second. */
function cpuSeconds(): number {
  const [, after = ''] = readFileSync('/proc/self/stat', 'utf8').split(') ');
  const ticks = after.split(' ').slice(11, 15);
  return ticks.reduce((sum, one) => sum + Number(one), 0) / 100;
}

/** Largest resident set that the kernel has seen, in megabytes; 0 where the process is gone. */
function peakOf(pid: string, name: string): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    if (!status.startsWith(`Name:\t${name}\n`)) return 0;
    return Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1] ?? 0) / 1024;
  } catch {
    return 0;
  }
}

/** Runs the work, and looks at memory meanwhile: of this process and of the programs called `name` (Linux). */
export async function withPeaks<T>(name: string, work: () => Promise<T>): Promise<{ readonly result: T; readonly peaks: Peaks }> {
  globalThis.gc?.();
  const before = process.memoryUsage.rss();
  const peaks = { own: 0, program: 0 };
  const cpu = cpuSeconds();
  const look = (): void => {
    peaks.own = Math.max(peaks.own, (process.memoryUsage.rss() - before) / 2 ** 20);
    for (const pid of readdirSync('/proc')) if (/^\d+$/.test(pid)) peaks.program = Math.max(peaks.program, peakOf(pid, name));
  };
  const timer = setInterval(look, 20);
  try {
    const result = await work();
    look();
    return { result, peaks: { ...peaks, cpu: cpuSeconds() - cpu } };
  } finally {
    clearInterval(timer);
  }
}
