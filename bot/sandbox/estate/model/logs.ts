import { errorShare } from './metrics.ts';
import { startOfAttempt, timing } from './pods.ts';
import type { EstateState, PodState } from './state.ts';

export interface LogLine {
  at: number;
  text: string;
}

/** What a container wrote, oldest first. `previous` is the run before the last restart; null when there is none. */
export function logsOf(state: EstateState, pod: PodState, now: number, previous: boolean): LogLine[] | null {
  if (pod.fault?.kind === 'crash') return crashLogs(pod, previous);
  if (previous || pod.attempts === 0) return null;
  const started = pod.createdAt + timing.start;
  return [...startup(pod, started), ...traffic(state, pod, started, now)];
}

function crashLogs(pod: PodState, previous: boolean): LogLine[] | null {
  const attempt = pod.attempts - (previous ? 2 : 1);
  if (attempt < 0 || pod.fault?.kind !== 'crash') return null;
  const at = startOfAttempt(pod, attempt);
  return pod.fault.log.map((text, index) => ({ at: at + index * 100, text: `time="${new Date(at + index * 100).toISOString()}" ${text}` }));
}

function startup(pod: PodState, at: number): LogLine[] {
  const { name, image, port } = pod.template.container;
  const stamp = new Date(at).toISOString();
  return [
    { at, text: `time="${stamp}" level=info msg="${name} ${image.split(':').at(-1)} starting (simulated estate)"` },
    { at: at + 200, text: `time="${stamp}" level=info msg="listening" port=${port}` },
  ];
}

/** One line every ten seconds of the last ten minutes, and the failures that checkout sees. */
function traffic(state: EstateState, pod: PodState, started: number, now: number): LogLine[] {
  const lines: LogLine[] = [];
  const service = pod.template.container.name;
  for (let at = Math.max(started + 1000, Math.floor((now - 600_000) / 10_000) * 10_000); at < now; at += 10_000) {
    const stamp = new Date(at).toISOString();
    const failing = service === 'checkout' && certificateFailedAt(state, at);
    lines.push({ at, text: `time="${stamp}" level=info msg="requests served" window=10s` });
    if (failing)
      lines.push({
        at: at + 1,
        text: `time="${stamp}" level=error msg="payment provider call failed" error="Post \\"https://api.payments.example/v1/charges\\": tls: failed to verify certificate: x509: certificate signed by unknown authority"`,
      });
  }
  return lines;
}

/** By the series, as the cause may have come and gone: all of checkout was there, and still requests failed. */
function certificateFailedAt(state: EstateState, at: number): boolean {
  const segment = state.segments.findLast((candidate) => candidate.from <= at);
  const failing =
    segment?.counters.some(({ labels, value }) => labels['service'] === 'checkout' && labels['code'] === '500' && value > 1) ?? false;
  return failing || (state.certificateRefused && errorShare(state, 'checkout') > 0.1 && at >= (state.segments.at(-1)?.from ?? 0));
}
