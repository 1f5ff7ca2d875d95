import { z } from 'zod';
import { NotFound, OutputMalformed } from '../errors.ts';
import { Time } from '../grammar.ts';
import { parseJson } from '../json.ts';
import { type Bound, read } from '../operation.ts';
import { mostBytes, Png, pngOf } from '../png.ts';
import { grafanaApi, Uid } from './api.ts';

/** Milliseconds: a browser draws it. */
const renderTimeoutMs = 90_000;

const Pixels = z.int().min(200).max(1200);

/** Absent in versions that do not say it. */
const Settings = z.object({ rendererAvailable: z.boolean().optional() });

/** Without a renderer Grafana answers with a picture that says so, which would be taken for the panel: asked before. */
function ifRendered(dashboard: string): Bound {
  return {
    placeholder: dashboard,
    command: grafanaApi('frontend/settings'),
    value: ({ stdout }) => {
      if (parseJson(Settings, stdout).rendererAvailable !== false) return dashboard;
      throw new NotFound('Grafana has no image renderer: install grafana-image-renderer there to have pictures of panels');
    },
  };
}

/** So it answers a renderer that is busy, slow or fails, too: with pictures of sizes of their own. */
function drawn(picture: Png, { width, height }: { readonly width: number; readonly height: number }): Png {
  const scale = picture.width / width;
  if (Number.isInteger(scale) && picture.height === height * scale) return picture;
  throw new OutputMalformed(
    `Grafana answered a picture of ${picture.width}×${picture.height}, not of ${width}×${height}: what it shows where its image renderer fails, is busy or takes too long`,
  );
}

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
    bound: ifRendered(dashboard),
  }),
  parse: ({ stdout }, input) => drawn(pngOf(stdout), input),
  timeoutMs: renderTimeoutMs,
  permissions: ['dashboards:read on dashboards:*', 'datasources:query on datasources:*'],
});
