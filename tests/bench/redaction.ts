import { createRedactor } from '../../tools/redaction/index.ts';
import { type Figure, median, round } from './figure.ts';

/** Lines as kubectl, Prometheus and programs print them, with a secret now and then. Made up. */
function sample(): string {
  const lines = [
    'checkout-7d9c5b6f4-x2x7p   1/1   Running   0   3d   10.42.0.17   node-3',
    '2026-11-23T20:28:33.852Z level=info msg="request served" path=/cart status=200 ms=12 trace=5f0e9a7c1b2d4e6f8091a2b3c4d5e6f7',
    'Image ID: registry.shop.example/shop/checkout@sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
    'http_requests_total{service="checkout",code="500"} 1027 1395066363000',
    'postgres://shop:made-up-password-1@db.shop.svc:5432/shop?sslmode=require',
  ];
  return Array.from({ length: 4_000 }, (_, index) => lines[index % lines.length]).join('\n');
}

/** Megabytes per second of one core; the baseline is a bare scan of the same text for line ends. */
export async function redactionSpeed(): Promise<Figure> {
  const text = sample();
  const redactor = createRedactor({ secrets: ['made-up-exact-secret'], placeholderKey: new Uint8Array(32) });
  const megabytes = Buffer.byteLength(text) / 1e6;
  const timed = (run: () => unknown) => {
    // Time of the processor: of a busy machine's other work nothing is said here.
    const started = process.cpuUsage();
    run();
    const { user, system } = process.cpuUsage(started);
    return megabytes / (Math.max(1, user + system) / 1e6);
  };
  redactor.text(text);
  const ours = median(Array.from({ length: 7 }, () => timed(() => redactor.text(text))));
  const scan = median(Array.from({ length: 7 }, () => timed(() => text.split('\n').length)));
  return {
    name: 'redaction',
    value: round(ours),
    unit: 'MB/s',
    baseline: `splitting into lines ${round(scan, 0)} MB/s`,
    target: '≥ 15 MB/s',
    met: ours >= 15,
  };
}
