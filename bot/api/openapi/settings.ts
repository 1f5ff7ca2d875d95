import type { FastifyDynamicSwaggerOptions } from '@fastify/swagger';
import { jsonSchemaTransform } from 'fastify-type-provider-zod';

/** How the routes become an OpenAPI document. */
export function openApi(): FastifyDynamicSwaggerOptions {
  return {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'Watchkeeper', version: '1' },
      components: {
        securitySchemes: {
          token: { type: 'http', scheme: 'bearer', description: 'A service token (wk_…), or an access token of the identity provider.' },
        },
      },
      security: [{ token: [] }],
    },
    transform: jsonSchemaTransform,
  };
}
