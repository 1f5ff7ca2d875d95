import formbody from '@fastify/formbody';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { Account } from './account.ts';
import { invalidInput } from './problem.ts';
import type { LocalPagerDutyUser } from './types.ts';

/** What people and monitoring do in PagerDuty, for the page, for scenarios and for tests. Every method answers or takes the id of an incident. */
export interface PagerDutyHands {
  /** As by monitoring: nobody is its agent. */
  trigger(serviceId: string, title: string, key?: string): string;
  acknowledge(incidentId: string): void;
  resolve(incidentId: string): void;
  reopen(incidentId: string): void;
  annotate(incidentId: string, content: string): void;
  /** Any other event about an incident, e.g. `incident.escalated`, with what differs in its `data`. */
  tell(type: string, incidentId: string, data?: object): void;
}

/** A member beside the product's own account, where no others are given. */
export const pagePerson: LocalPagerDutyUser = { id: 'PALICE01', name: 'Alice Ndiaye', email: 'alice@shop.example' };

export function createHands(account: Account): PagerDutyHands {
  const person = () => account.users()[1]?.email ?? null;
  return {
    trigger(serviceId, title, key = account.newId()) {
      const service = account.services.find(({ id }) => id === serviceId);
      if (service === undefined) throw invalidInput('Service cannot be found');
      return account.trigger(title, key, service).incident.id;
    },
    acknowledge: (id) => void account.setStatus(account.incident(id), 'acknowledged', person()),
    resolve: (id) => void account.setStatus(account.incident(id), 'resolved', person()),
    reopen: (id) => void account.setStatus(account.incident(id), 'triggered', person()),
    annotate: (id, content) => void account.annotate(account.incident(id), content, person()),
    tell: (type, id, data = {}) => account.tell(type, account.incident(id), data, person()),
  };
}

const Trigger = z.object({ service: z.string(), title: z.string().trim().min(1).max(200) });
const Change = z.object({ change: z.enum(['acknowledge', 'resolve', 'reopen']) });

/** The forms of the page. */
export async function handRoutes(app: FastifyInstance, hands: PagerDutyHands): Promise<void> {
  await app.register(formbody);
  app.post('/ui/incidents', async (request, reply) => {
    const { service, title } = Trigger.parse(request.body);
    hands.trigger(service, title);
    return reply.redirect('/', 303);
  });
  app.post<{ Params: { id: string } }>('/ui/incidents/:id', async (request, reply) => {
    hands[Change.parse(request.body).change](request.params.id);
    return reply.redirect('/', 303);
  });
}
