import { type AuthenticatedActor } from './actor.js';

/** Turns a bearer token into who asks. */
export abstract class TokenVerifier {
  /**
   * @throws ApiError UNAUTHORIZED, TOKEN_EXPIRED, MISSING_TENANT_CLAIM,
   *   or SERVICE_UNAVAILABLE when the issuer's keys cannot be had
   */
  abstract verify(token: string): Promise<AuthenticatedActor>;
}
