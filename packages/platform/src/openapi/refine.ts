import { type OpenAPIObject } from '@nestjs/swagger';
import { PUBLIC_EXTENSION } from '../auth/access.js';
import { PROBLEM_TYPE } from '../errors/problem.js';

type Schema = Record<string, unknown>;
interface Operation {
  responses?: Record<string, unknown>;
  requestBody?: unknown;
  security?: unknown[];
  [PUBLIC_EXTENSION]?: true;
}

const METHODS = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace'] as const;
const PROBLEM_REF = '#/components/schemas/ProblemView';

const TEXT_OF = {
  400: 'The request is not valid.',
  401: 'The bearer token is missing or not valid.',
  403: 'The token does not allow this.',
  404: 'There is no such resource.',
  413: 'The body is too large.',
  415: 'The content type is not accepted here.',
} as const;

/** Says in the document what the platform does at every route: unknown members are refused, errors are problems. */
export function refineDocument(document: OpenAPIObject): OpenAPIObject {
  const schemas = (document.components?.schemas ?? {}) as Record<string, Schema>;
  for (const [path, item] of Object.entries(document.paths)) {
    for (const method of METHODS) {
      const operation = item[method] as Operation | undefined;
      if (!operation) continue;
      closeBodies(operation.requestBody, schemas, new Set());
      addSecurityAndProblems(operation, path);
    }
  }
  return document;
}

/** `additionalProperties: false` on every schema a body is made of, which is what forbidNonWhitelisted means. */
function closeBodies(part: unknown, schemas: Record<string, Schema>, seen: Set<string>): void {
  for (const name of schemaNames(part)) {
    const schema = schemas[name];
    if (!schema || seen.has(name)) continue;
    seen.add(name);
    if (schema['type'] === 'object') schema['additionalProperties'] ??= false;
    closeBodies(schema, schemas, seen);
  }
}

function schemaNames(part: unknown): string[] {
  return [...JSON.stringify(part ?? null).matchAll(/"#\/components\/schemas\/([^"]+)"/g)].map(
    (match) => match[1] ?? '',
  );
}

function addSecurityAndProblems(operation: Operation, path: string): void {
  const responses = (operation.responses ??= {});
  const hasBody = operation.requestBody !== undefined;
  const open = operation[PUBLIC_EXTENSION] === true;
  if (open) operation.security = [];
  delete operation[PUBLIC_EXTENSION];
  const statuses: (keyof typeof TEXT_OF)[] = open ? [400] : [400, 401, 403];
  if (path.includes('{')) statuses.push(404);
  if (hasBody) statuses.push(413, 415);
  for (const status of statuses) responses[String(status)] ??= problemResponse(TEXT_OF[status]);
  responses['default'] ??= problemResponse('Any other error.');
}

const problemResponse = (description: string): Schema => ({
  description,
  content: { [PROBLEM_TYPE]: { schema: { $ref: PROBLEM_REF } } },
});
