import { z } from 'zod';
import { Time } from '../grammar.ts';
import { read } from '../operation.ts';
import { mostBytes, Png, pngOf } from '../png.ts';
import { Uid } from './api.ts';

/** Milliseconds: a browser draws it. */
const renderTimeoutMs = 90_000;

const Pixels = z.int().min(200).max(1200);

export const grafanaPanelImage = read({
  name: 'grafana.panel_image',
  summary: 'A picture of a panel over a time, by the image renderer of Grafana',
  input: z
    .strictObject({
      dashboard: Uid,
      panel: z.int().positive(),
      from: Time,
      to: Time,
      width: Pixels.default(800),
      height: Pixels.default(400),
    })
    .refine(({ from, to }) => from < to, 'must begin before it ends'),
  output: Png,
  command: ({ dashboard, panel, from, to, width, height }) => ({
    kind: 'http',
    method: 'GET',
    service: 'grafana',
    path: `/render/d-solo/${dashboard}`,
    query: {
      ...{ panelId: String(panel), from: String(Date.parse(from)), to: String(Date.parse(to)) },
      ...{ width: String(width), height: String(height), scale: '1', theme: 'light', tz: 'UTC', timeout: '60' },
    },
    accept: 'image/png',
    maxBytes: mostBytes,
  }),
  parse: ({ stdout }) => pngOf(stdout),
  timeoutMs: renderTimeoutMs,
  permissions: ['dashboards:read on dashboards:*', 'datasources:query on datasources:*'],
});
