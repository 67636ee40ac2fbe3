import type { AuthenticatedActor } from '@aumos/agf-platform';
import type { FastifyRequest } from 'fastify';
import type { ExecuteDto } from './execution.dto.js';
import type { StartRequest } from './start-execution.js';

/** What a route that starts was asked for. */
export const startRequest = (
  actor: AuthenticatedActor,
  workflowId: string,
  body: ExecuteDto,
  key: string | undefined,
  request: FastifyRequest,
): StartRequest => ({
  actor,
  workflow_id: workflowId,
  input: body.input_data ?? null,
  correlation_id: request.id,
  ...(body.version === undefined ? {} : { version: body.version }),
  ...(key === undefined ? {} : { idempotency_key: key }),
});
