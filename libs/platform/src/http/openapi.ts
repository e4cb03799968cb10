import { createReadStream } from 'node:fs';
import { createRequire } from 'node:module';
import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { ServiceName } from '#contracts';

const { resolve } = createRequire(import.meta.url);
const viewer = { 'swagger-ui.css': 'text/css', 'swagger-ui-bundle.js': 'text/javascript' };

/**
 * Serves the OpenAPI document of a service at `/api/<service>/openapi.json`
 * and a page to read it at `/api/<service>/docs/`.
 */
export function serveOpenApi(server: FastifyInstance, app: INestApplication, service: ServiceName): void {
  const base = `/api/${service}`;
  const document = JSON.stringify(openApiDocument(app, service));
  server.get(`${base}/openapi.json`, (_request, reply) => reply.type('application/json').send(document));
  server.get(`${base}/docs`, (_request, reply) => reply.redirect(`${base}/docs/`));
  server.get(`${base}/docs/`, (_request, reply) => reply.type('text/html; charset=utf-8').send(page(service)));
  server.get(`${base}/docs/start.js`, (_request, reply) => reply.type('text/javascript').send(start(base)));
  for (const [name, type] of Object.entries(viewer))
    server.get(`${base}/docs/${name}`, (_request, reply) =>
      reply.type(type).send(createReadStream(resolve(`swagger-ui-dist/${name}`))),
    );
}

/** The document alone, made from the schemas that the routes validate with. */
export function openApiDocument(app: INestApplication, service: ServiceName): OpenAPIObject {
  const config = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle(`ovop-trace ${service}`)
    .setDescription('Errors are problem details (RFC 9457) with `code`, `correlationId` and `faults` by field.')
    .setVersion('1')
    .addBearerAuth()
    .addApiKey({ type: 'apiKey', in: 'header', name: 'X-API-Key' }, 'api-key')
    .addCookieAuth('ovop_session')
    .build();
  return SwaggerModule.createDocument(app, config, {
    standardSchemaConverter: (schema, { schemaType }) => ({
      schema: z.toJSONSchema(schema as z.ZodType, { io: schemaType, unrepresentable: 'any', reused: 'inline' }),
    }),
  });
}

const page = (service: ServiceName): string => `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>ovop-trace ${service}</title>
<link rel="stylesheet" href="swagger-ui.css">
<div id="document"></div>
<script src="swagger-ui-bundle.js"></script>
<script src="start.js"></script>
</html>`;

const start = (base: string): string =>
  `SwaggerUIBundle({ url: ${JSON.stringify(`${base}/openapi.json`)}, dom_id: '#document', deepLinking: true });`;
