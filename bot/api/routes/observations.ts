import { z } from 'zod';
import { contentHash } from '../../../tools/canonical.ts';
import { Observation, Sha256 } from '../../../tools/contract.ts';
import { type ApiOptions, principalOf, type Routes } from '../context.ts';
import { requireWithin } from '../limits.ts';
import { actorOf } from '../principal.ts';
import { Problem } from '../problem.ts';

/** Observations hold whole program output; the runner cuts it well below this. */
const bodyLimit = 8 * 1024 * 1024;
const Posted = z.strictObject({ id: Sha256, observation: Observation });

export function observationRoutes(v1: Routes, { store }: ApiOptions): void {
  v1.get(
    '/observations/:id',
    {
      config: { scope: 'read' },
      schema: { summary: 'One piece of evidence', params: z.object({ id: Sha256 }), response: { 200: Observation } },
    },
    (request) => store.observations.get(request.params.id),
  );

  v1.post(
    '/observations',
    {
      bodyLimit,
      config: { scope: 'observations:write', unlimited: true },
      schema: {
        summary: 'Store a redacted observation; repeating changes nothing',
        body: Posted,
        response: { 201: z.object({ id: Sha256 }) },
      },
    },
    async (request, reply) => {
      const { id, observation } = request.body;
      if (contentHash(observation) !== id)
        throw new Problem(422, 'wrong_address', 'The id is not the SHA-256 of the RFC 8785 form of the observation.');
      const principal = principalOf(request);
      requireWithin(principal, observation);
      await store.observations.putBy(observation, actorOf(principal));
      return reply.code(201).header('location', `/v1/observations/${id}`).send({ id });
    },
  );
}
