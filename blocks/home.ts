import type { Incident } from '../workflows/contracts/incident.ts';
import { header, section } from './elements.ts';
import { help } from './help.ts';
import { incidentLine } from './incident-line.ts';
import { lines } from './lines.ts';
import type { Links } from './links.ts';
import { runners, type SiteRunners } from './runners.ts';
import type { Home } from './slack.ts';
import { type WaitingPlan, waitingPlans } from './waiting-plan.ts';

/** The app's home: what waits for a decision, what is open, who executes operations where, how to ask. */
export function home(incidents: readonly Incident[], plans: readonly WaitingPlan[], sites: readonly SiteRunners[], links: Links): Home {
  return {
    type: 'home',
    blocks: [
      header('Waiting for approval'),
      ...(plans.length === 0 ? [section('Nothing waits for you.')] : waitingPlans(plans, links)),
      header('Open incidents'),
      ...(incidents.length === 0 ? [section('None.')] : lines(incidents, (incident) => incidentLine(incident, links))),
      header('Sites and their runners'),
      ...runners(sites),
      header('How to ask'),
      ...help().blocks,
    ],
  };
}
