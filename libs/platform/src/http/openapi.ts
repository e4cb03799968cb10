import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import { z } from 'zod';
import type { ServiceName } from '#contracts';

/**
 * The OpenAPI document of a service, made from the schemas that its routes validate with,
 * served at `/api/<service>/openapi.json` with a page to read it at `/api/<service>/docs`.
 */
export function serveOpenApi(app: INestApplication, service: ServiceName): OpenAPIObject {
  const document = openApiDocument(app, service);
  SwaggerModule.setup(`api/${service}/docs`, app, document, {
    jsonDocumentUrl: `api/${service}/openapi.json`,
    customSiteTitle: `ovop-trace ${service}`,
    raw: ['json'],
  });
  return document;
}

/** The document alone, for the copy in docs/. */
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
