import { ApiError } from '@aumos/agf-domain';
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';

const KEY = /^[\x21-\x7e]{1,255}$/;

/** The request's `Idempotency-Key`: 1 to 255 visible ASCII characters, or none. @throws ApiError VALIDATION_ERROR */
export const IdempotencyKey = createParamDecorator((_data: unknown, context: ExecutionContext): string | undefined => {
  const header = context.switchToHttp().getRequest<FastifyRequest>().headers['idempotency-key'];
  if (header === undefined) return undefined;
  if (typeof header === 'string' && KEY.test(header)) return header;
  throw new ApiError('VALIDATION_ERROR', 'The Idempotency-Key is not valid.', {
    fields: [{ field: 'Idempotency-Key', error: 'must be 1 to 255 visible ASCII characters' }],
  });
});

/** The key as it is kept: each person's are their own, wherever their name ends. */
export const ownKey = (sub: string, key: string): string => `${sub.replace(/[%:]/g, encodeURIComponent)}:${key}`;
