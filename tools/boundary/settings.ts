import { z } from 'zod';
import { TwoSources } from '../credentials.ts';
import { argument } from '../grammar.ts';

/** `r_1234567890`: what it is, and ten or more letters and digits. */
export const boundaryId = (...kinds: readonly string[]) =>
  argument(60).regex(new RegExp(`^(${kinds.join('|')})_[A-Za-z0-9]{6,40}$`), `must be an id that begins with ${kinds.join('_ or ')}_`);

export const settings = z
  .strictObject({
    address: z.url({ protocol: /^https?$/ }).describe('Base URL of a controller.'),
    caCert: z.string().min(1).optional().describe("File with the authority of the controller's certificate."),
    token: TwoSources.describe('Auth tokens of two accounts, looked up at each call: reads never use the one that writes.'),
    breakGlass: z
      .array(boundaryId('r'))
      .default([])
      .describe('Roles that a named person may be given for a while, e.g. one that may authorize sessions to production hosts.'),
  })
  .describe('The controller of HashiCorp Boundary.');
