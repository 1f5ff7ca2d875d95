import type { FastifyDynamicSwaggerOptions } from '@fastify/swagger';
import { jsonSchemaTransform } from 'fastify-type-provider-zod';
import { complete, type Document, type RouteNotes } from './complete.ts';

const description = `Incidents, plans, approvals, evidence and proof. Lists are in pages: send \`next\` of one as \`cursor\` for the
following one. Errors are problem documents (RFC 9457) with a stable \`code\`. Who may do what is in the scopes of the token: see
GET /v1/service-tokens; votes and break-glass take a person.`;

/** How the routes become an OpenAPI document. */
export function openApi(): FastifyDynamicSwaggerOptions {
  const notes = new Map<string, RouteNotes>();
  return {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'Watchkeeper', version: '1', description, license: { name: 'Apache-2.0', identifier: 'Apache-2.0' } },
      servers: [{ url: '/' }],
      components: {
        securitySchemes: {
          token: { type: 'http', scheme: 'bearer', description: 'A service token (wk_…), or an access token of the identity provider.' },
        },
      },
      security: [{ token: [] }],
    },
    transform(input) {
      const { config, method } = input.route;
      const path = input.url.replaceAll(/:(\w+)/g, '{$1}');
      for (const one of [method].flat())
        notes.set(`${one.toLowerCase()} ${path}`, { produces: config?.produces ?? [], keyed: config?.idempotency !== 'none' });
      return jsonSchemaTransform(input);
    },
    transformObject: (given) =>
      'openapiObject' in given
        ? (complete(given.openapiObject as unknown as Document, notes) as unknown as typeof given.openapiObject)
        : given.swaggerObject,
  };
}
