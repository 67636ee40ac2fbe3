import { ApiError, isPrivilegeLevel, type PrivilegeLevel, type Role, ROLES } from '@aumos/agf-domain';
import { type JWTPayload } from 'jose';
import { type AuthenticatedActor } from './actor.js';
import { clientOf, furtherClaims } from './further-claims.js';

export const unauthorized = (why: string): ApiError => new ApiError('UNAUTHORIZED', why);

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const NIL = '00000000-0000-0000-0000-000000000000';
const LONGEST_SUBJECT = 255;
/** What a log, a header or PostgreSQL does not take, or shows as something else: control characters, half of a pair. */
const UNWRITABLE = /[\p{Cc}\p{Surrogate}]/u;

/** Claims that only tokens have which are not meant for an API: ID tokens, logout tokens, tokens bound to a key. */
const FOREIGN_CLAIMS = ['at_hash', 'c_hash', 's_hash', 'events', 'cnf'];

/**
 * What the claims of a token, whose signature, issuer, audience and times are already checked, say of its bearer.
 * @throws ApiError UNAUTHORIZED where it is no access token of ours, MISSING_TENANT_CLAIM without a tenant
 */
export function actorFromClaims(claims: JWTPayload): AuthenticatedActor {
  const foreign = FOREIGN_CLAIMS.find((name) => claims[name] !== undefined);
  if (foreign !== undefined) throw unauthorized(`A token with ${foreign} is not an access token for this API.`);
  // Keycloak marks its kinds of tokens by a claim: Bearer, ID, Refresh, Offline.
  if (claims['typ'] !== undefined && claims['typ'] !== 'Bearer')
    throw unauthorized('The token is not an access token.');
  const { sub } = claims;
  if (typeof sub !== 'string' || sub.trim() === '' || sub.length > LONGEST_SUBJECT)
    throw unauthorized('The token names no subject.');
  if (UNWRITABLE.test(sub)) throw unauthorized('The subject of the token holds control characters.');
  const client_id = clientOf(claims);
  return {
    sub,
    tenant_id: tenantOf(claims),
    privilege_level: levelOf(claims),
    roles: rolesOf(claims),
    name: nameOf(claims, sub),
    expires_at: (claims.exp ?? 0) * 1000,
    claims: furtherClaims(claims),
    ...(client_id === undefined ? {} : { client_id }),
  };
}

function tenantOf(claims: JWTPayload): string {
  const tenant = claims['tenant_id'];
  if (typeof tenant !== 'string' || !UUID.test(tenant) || tenant === NIL)
    throw new ApiError('MISSING_TENANT_CLAIM', 'The token belongs to no tenant.');
  return tenant.toLowerCase();
}

/** A token that says nothing has the least level; one that says nonsense is refused. */
function levelOf(claims: JWTPayload): PrivilegeLevel {
  const level = claims['privilege_level'] ?? 1;
  if (!isPrivilegeLevel(level)) throw unauthorized('The privilege level of the token is not 1 to 5.');
  return level;
}

function rolesOf(claims: JWTPayload): Role[] {
  const given = (claims['realm_access'] as { roles?: unknown } | undefined)?.roles;
  return Array.isArray(given) ? ROLES.filter((role) => given.includes(role)) : [];
}

function nameOf(claims: JWTPayload, sub: string): string {
  const name = [claims['preferred_username'], claims['email']].find((each) => typeof each === 'string' && each !== '');
  if (typeof name !== 'string') return sub;
  if (UNWRITABLE.test(name)) throw unauthorized('The name in the token holds control characters.');
  return name.slice(0, LONGEST_SUBJECT);
}
