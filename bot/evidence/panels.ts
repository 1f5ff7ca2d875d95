import { z } from 'zod';
import { bytesOf, Png } from '../../tools/png.ts';
import type { Incident } from '../../workflows/contracts/incident.ts';
import type { ObservationStore } from '../../workflows/ports.ts';
import type { Picture } from '../slack/snippets.ts';

/** A picture of a panel that was read for an incident. */
export interface Panel {
  /** Of the observation. */
  readonly id: string;
  /** Null: its bytes are not those that were drawn, and it is not shown. */
  readonly draw: () => Promise<Picture | null>;
}

/** Of one incident. */
const most = 6;

const Asked = z.object({ dashboard: z.string(), panel: z.number(), from: z.string(), to: z.string() });

/** Pictures of panels among the observations of an incident, the oldest first. */
export function createPanels(observations: Pick<ObservationStore, 'get' | 'listForIncident'>) {
  return async ({ id: incidentId }: Pick<Incident, 'id'>): Promise<readonly Panel[]> => {
    const all = await observations.listForIncident(incidentId);
    const pictures = all.filter(({ operation, status }) => operation === 'grafana.panel_image' && status === 'ok').slice(0, most);
    return pictures.map(({ id }) => ({
      id,
      async draw() {
        const { input, output, site } = await observations.get(id);
        const [asked, png] = [Asked.parse(input), Png.parse(output)];
        const bytes = bytesOf(png);
        if (bytes === null) return null;
        const what = `Panel ${asked.panel} of dashboard ${asked.dashboard} at ${site}`;
        const alt = `${what}, from ${asked.from} to ${asked.to}: a picture by Grafana. Its queries are those of the panel; the findings say what was read.`;
        return { filename: `panel-${asked.dashboard}-${asked.panel}.png`, title: what, alt, png: bytes };
      },
    }));
  };
}
