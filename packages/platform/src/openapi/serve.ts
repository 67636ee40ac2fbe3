import { type NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { serveDocsPage } from './docs-page.js';
import { ProblemView } from './problem-schema.js';
import { refineDocument } from './refine.js';

export interface OpenApiOptions {
  title: string;
  description: string;
  version: string;
}

/** The OpenAPI 3.1 document of an app's routes. */
export function openApiDocument(app: NestFastifyApplication, options: OpenApiOptions): OpenAPIObject {
  const config = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle(options.title)
    .setDescription(options.description)
    .setVersion(options.version)
    .addBearerAuth({ type: 'http', scheme: 'bearer', bearerFormat: 'JWT' }, 'bearer')
    .addSecurityRequirements('bearer')
    .build();
  return refineDocument(SwaggerModule.createDocument(app, config, { extraModels: [ProblemView] }));
}

/** Serves the document at /openapi.json and a readable page at /docs; the document is made when it is first asked for. */
export function serveOpenApi(app: NestFastifyApplication, options: OpenApiOptions): void {
  const fastify = app.getHttpAdapter().getInstance();
  let document: OpenAPIObject | undefined;
  fastify.get('/openapi.json', (_request, reply) => reply.send((document ??= openApiDocument(app, options))));
  serveDocsPage(fastify, options.title);
}
