import { answered, type Variation } from './variation.ts';

interface Alert {
  readonly name?: string;
  readonly type?: string;
  readonly evidence?: readonly string[];
}

const alertsOf = (output: unknown): { alerts: Alert[] } | null => {
  const value: unknown = typeof output === 'string' && output.trim().startsWith('{') ? JSON.parse(output) : output;
  return value !== null && typeof value === 'object' && 'alerts' in value && Array.isArray(value.alerts)
    ? (value as { alerts: Alert[] })
    : null;
};

const measured =
  (change: (alerts: readonly Alert[], faulty: string, random: () => number) => readonly Alert[]): Variation =>
  (given, random) =>
    answered(given, (output, key) => {
      const found = key.startsWith('GetAlerts') ? alertsOf(output) : null;
      if (found === null || !found.alerts.some(({ evidence }) => evidence !== undefined)) return output;
      return { ...found, alerts: change(found.alerts, given.answer.fault_object.replace(/^\w+\//, ''), random) };
    });

/** What is slow is so by another amount. */
const scaled = (factor: number): Variation =>
  measured((alerts) =>
    alerts.map((alert) => ({
      ...alert,
      ...(alert.evidence && {
        evidence: alert.evidence.map((words) =>
          words.replace(
            /(Normal=)([\d.]+)(ms -> Current=)([\d.]+)ms \([^)]*\)/g,
            (_, a: string, normal: string, b: string, current: string) => {
              const [from, to] = [Number(normal), Number(current)];
              const now = from + (to - from) * factor;
              return `${a}${normal}${b}${now.toFixed(2)}ms (+${((now / Math.max(from, 0.01) - 1) * 100).toFixed(1)}%)`;
            },
          ),
        ),
      }),
    })),
  );

export const fifthOfTheDelay = scaled(0.2);
export const thriceTheDelay = scaled(3);

const isRoot = ({ name, type }: Alert, faulty: string) => name === faulty || type === 'Node';

/** Some of those who wait were not seen. */
export const fewerAlerts: Variation = measured((alerts, faulty, random) =>
  alerts.filter((alert) => isRoot(alert, faulty) || random() < 0.6),
);

/** Latencies only: nobody measures traffic. */
export const latenciesOnly: Variation = measured((alerts) =>
  alerts.flatMap((alert) => {
    const evidence = alert.evidence?.filter((words) => !/^(THROUGHPUT|TRAFFIC)/.test(words)) ?? [];
    return evidence.length === 0 ? [] : [{ ...alert, evidence }];
  }),
);

/** A service that has nothing to do with it is throttled a little at the same time, as busy ones are. */
export const throttledBystander: Variation = measured((alerts, faulty, random) => {
  const others = alerts.filter(
    (alert) => alert.type === 'Service' && !isRoot(alert, faulty) && !alert.evidence?.some((words) => words.startsWith('LATENCY')),
  );
  const one = others[Math.floor(random() * others.length)];
  const words = `RESOURCE_SATURATION [cpu_cfs] | Val: ${(0.05 + random() * 0.5).toFixed(3)}s (Throttled)`;
  return one === undefined
    ? alerts
    : alerts.map((alert) => (alert === one ? { ...alert, evidence: [words, ...(alert.evidence ?? [])] } : alert));
});
