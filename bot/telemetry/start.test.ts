import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createRedactor } from '../../tools/redaction/index.ts';
import { createLogger } from '../log.ts';
import { startTelemetry, type Telemetry } from './start.ts';
import { traceparent, withTraceparent } from './trace.ts';

interface Span {
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
}

/** Made up for this test. */
const canary = 'canary-Tr33-made-up-for-this-test';
const redact = createRedactor({ secrets: [canary], placeholderKey: Buffer.alloc(32, 7) });
const received: string[] = [];
const collector = createServer((request, response) => {
  let body = '';
  request.on('data', (chunk) => (body += chunk));
  request.on('end', () => {
    received.push(body);
    response.setHeader('content-type', 'application/json').end('{}');
  });
});
let telemetry: Telemetry;

beforeAll(async () => {
  await new Promise<void>((resolve) => collector.listen(0, '127.0.0.1', resolve));
  process.env['OTEL_EXPORTER_OTLP_ENDPOINT'] = `http://127.0.0.1:${(collector.address() as AddressInfo).port}`;
  telemetry = startTelemetry({ serviceName: 'watchkeeper', role: 'mirror', redact });
});

afterAll(() => {
  delete process.env['OTEL_EXPORTER_OTLP_ENDPOINT'];
  collector.close();
});

test('a stored traceparent continues its trace, logs name it, and what is exported holds no secret', async () => {
  const lines: string[] = [];
  const log = createLogger({ level: 'info', redact, destination: { write: (line) => void lines.push(line) } });
  const stored = await withTraceparent(null, 'intake', async () => traceparent());
  expect(stored).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/);
  await withTraceparent(stored, 'mirror', async () => {
    log.info('sent');
    telemetry.tracer.startActiveSpan(`call ${canary}`, (span) => {
      span.setAttribute('url', `https://x.example/${canary}`);
      span.recordException(new Error(`it is ${canary}`));
      span.end();
    });
  });
  await expect(withTraceparent(stored, 'failing', () => Promise.reject(new Error(canary)))).rejects.toThrow();
  await telemetry.shutdown();

  const text = received.join('');
  expect(text).not.toContain(canary);
  const spans = received.flatMap((body) =>
    (JSON.parse(body) as { resourceSpans: { scopeSpans: { spans: Span[] }[] }[] }).resourceSpans.flatMap((one) =>
      one.scopeSpans.flatMap((scope) => scope.spans),
    ),
  );
  const named = (name: string) => spans.find((span) => span.name.startsWith(name));
  expect(new Set(spans.map((span) => span.traceId)).size).toBe(1);
  expect(named('mirror')?.parentSpanId).toBe(named('intake')?.spanId);
  expect(named('call')?.parentSpanId).toBe(named('mirror')?.spanId);
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({ traceId: named('intake')?.traceId, spanId: named('mirror')?.spanId });
  expect(text).toContain('"mirror"');
});

test('metrics are a registry of their own with the role on every figure', async () => {
  telemetry.metrics.policyDecisions.inc({ verdict: 'deny' });
  const text = await telemetry.metrics.registry.metrics();
  expect(text).toContain('watchkeeper_policy_decisions_total{verdict="deny",role="mirror"} 1');
  expect(text).toContain('process_cpu_seconds_total');
});
