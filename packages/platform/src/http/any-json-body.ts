import { RouteConfig } from '@nestjs/platform-fastify';
import { type FastifyRequest } from 'fastify';

/** The route's body is any JSON value; others take an object. */
export const AnyJsonBody = (): MethodDecorator => RouteConfig({ anyJson: true });

export const takesAnyJson = (request: FastifyRequest): boolean =>
  (request.routeOptions.config as { anyJson?: boolean }).anyJson === true;
