import { ApiError } from '@aumos/agf-domain';
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';

/** The event after which a follower goes on, from the header `Last-Event-ID`; null without it. @throws ApiError VALIDATION_ERROR */
export const LastEventId = createParamDecorator((_data: unknown, context: ExecutionContext): number | null => {
  const header = context.switchToHttp().getRequest<FastifyRequest>().headers['last-event-id'];
  if (header === undefined || header === '') return null;
  if (typeof header === 'string' && /^\d{1,15}$/.test(header)) return Number(header);
  throw new ApiError('VALIDATION_ERROR', 'Last-Event-ID is no id of an event of this stream.', {
    fields: [{ field: 'Last-Event-ID', error: 'must be the id of an event that was received' }],
  });
});
