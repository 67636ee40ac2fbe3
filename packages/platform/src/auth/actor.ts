import { type Actor, type Claims } from '@aumos/agf-domain';
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { type FastifyRequest } from 'fastify';

/** Who asks, as the verified token says. */
export interface AuthenticatedActor extends Actor {
  /** for people to read: the preferred user name, else the subject */
  name: string;
  /** when the token ends, ms since 1970: nothing that stays open outlives it */
  expires_at: number;
  /** of the client that the token was given to; absent where it names none */
  client_id?: string;
  /** what groups may ask for: the token's further texts, see {@link furtherClaims} */
  claims: Claims;
}

const ACTORS = new WeakMap<object, AuthenticatedActor>();

export const rememberActor = (request: FastifyRequest, actor: AuthenticatedActor): void => {
  ACTORS.set(request.raw, actor);
};

/** @throws on a public route: it has no actor */
export function actorOf(request: FastifyRequest): AuthenticatedActor {
  const actor = ACTORS.get(request.raw);
  if (!actor) throw new Error('this route is public: it has no actor');
  return actor;
}

/** `list(@CurrentActor() actor: AuthenticatedActor)` */
export const CurrentActor = createParamDecorator((_data: unknown, context: ExecutionContext): AuthenticatedActor =>
  actorOf(context.switchToHttp().getRequest<FastifyRequest>()),
);
