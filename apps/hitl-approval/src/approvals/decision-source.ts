import type { DecisionSource } from '@aumos/agf-persistence';
import { actorOf } from '@aumos/agf-platform';
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';

const LONGEST = 255;
const UNSEEN = /[\p{Cc}\p{Surrogate}]/gu;

const cut = (text: string): string => text.replace(UNSEEN, '').slice(0, LONGEST);
const first = (header: string | string[] | undefined): string | undefined =>
  Array.isArray(header) ? header.join(', ') : header;

/** From where a request comes, as its record keeps it. */
function sourceOf(request: FastifyRequest): DecisionSource {
  const agent = first(request.headers['user-agent']);
  const forwarded = first(request.headers['x-forwarded-for']);
  const { client_id } = actorOf(request);
  return {
    ip: request.ip,
    ...(forwarded ? { forwarded_for: cut(forwarded) } : {}),
    ...(agent ? { user_agent: cut(agent) } : {}),
    ...(client_id === undefined ? {} : { client_id: cut(client_id) }),
  };
}

/** `approve(@RequestSource() source: DecisionSource)` */
export const RequestSource = createParamDecorator((_data: unknown, context: ExecutionContext): DecisionSource =>
  sourceOf(context.switchToHttp().getRequest<FastifyRequest>()),
);
