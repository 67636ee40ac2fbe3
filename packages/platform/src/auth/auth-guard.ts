import { ApiError, type JsonObject, type PrivilegeLevel, type Role } from '@aumos/agf-domain';
import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { type FastifyRequest } from 'fastify';
import { NO_TOKEN } from '../errors/problem.js';
import { addLogFields } from '../logging/log-context.js';
import { LEVEL_NEEDED, PUBLIC, ROLES_NEEDED } from './access.js';
import { type AuthenticatedActor, rememberActor } from './actor.js';
import { unauthorized } from './claims.js';
import { ActorLog } from './actor-log.js';
import { DenialLog } from './denial-log.js';
import { TokenVerifier } from './token-verifier.js';

const LONGEST_PATH = 255;

/** Global: every route needs a token unless it is @Public(). */
@Injectable()
export class AuthGuard implements CanActivate {
  constructor(
    private readonly tokens: TokenVerifier,
    private readonly reflector: Reflector,
    private readonly denials: DenialLog,
    private readonly actors: ActorLog,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    if (context.getType() !== 'http' || this.need<boolean>(PUBLIC, context)) return true;
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const actor = await this.tokens.verify(bearerToken(request));
    addLogFields({ tenant_id: actor.tenant_id });
    try {
      checkTenantHeader(request, actor);
      checkAccess(actor, this.need<Role[]>(ROLES_NEEDED, context), this.need<PrivilegeLevel>(LEVEL_NEEDED, context));
    } catch (error) {
      await this.denied(request, actor, error as ApiError);
      throw error;
    }
    rememberActor(request, actor);
    this.actors.seen(actor);
    return true;
  }

  private async denied(request: FastifyRequest, actor: AuthenticatedActor, { code, details }: ApiError): Promise<void> {
    await this.denials.write({
      tenant_id: actor.tenant_id,
      actor_id: actor.sub,
      route: `${request.method} ${request.routeOptions.url ?? ''}`,
      path: request.url.split('?', 1)[0]!.slice(0, LONGEST_PATH),
      details: { code, ...(details as JsonObject), roles: [...actor.roles], level: actor.privilege_level },
    });
  }

  private need<T>(key: string, context: ExecutionContext): T | undefined {
    return this.reflector.getAllAndOverride<T | undefined>(key, [context.getHandler(), context.getClass()]);
  }
}

function bearerToken(request: FastifyRequest): string {
  const { authorization } = request.headers;
  if (authorization === undefined) throw new ApiError('UNAUTHORIZED', 'A bearer token is needed.', NO_TOKEN);
  const match = /^Bearer +([A-Za-z0-9._~+/-]+=*)$/i.exec(authorization);
  if (!match?.[1]) throw unauthorized('A bearer token is needed.');
  return match[1];
}

/** The tenant comes from the token; the header can only agree with it. */
function checkTenantHeader(request: FastifyRequest, actor: AuthenticatedActor): void {
  const said = request.headers['x-tenant-id'];
  if (said !== undefined && String(said).toLowerCase() !== actor.tenant_id)
    throw new ApiError('CROSS_TENANT_ACCESS', 'X-Tenant-ID is not the tenant of the token.');
}

function checkAccess(actor: AuthenticatedActor, roles: readonly Role[] = [], level: PrivilegeLevel = 1): void {
  if (roles.length > 0 && !roles.some((role) => actor.roles.includes(role)))
    throw new ApiError('FORBIDDEN', 'None of your roles allows this.', { required_roles: roles });
  if (actor.privilege_level < level)
    throw new ApiError('PRIVILEGE_DENIED', 'Your privilege level does not allow this.', {
      required_level: level,
      effective_level: actor.privilege_level,
    });
}
