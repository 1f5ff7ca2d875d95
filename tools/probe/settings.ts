import { z } from 'zod';
import { Network } from '../network.ts';

export const settings = z
  .strictObject({
    hosts: z
      .array(z.string().regex(/^(\*\.)?[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/, 'is a host, or *. and a domain'))
      .min(1)
      .max(500)
      .describe('Hosts that may be asked for status, latency, certificate and records; *. for all below a domain.'),
    networks: z.array(Network).max(100).default([]).describe('Addresses that are not public and may be asked all the same.'),
  })
  .describe('Looks at hosts from the site; none without it.');
