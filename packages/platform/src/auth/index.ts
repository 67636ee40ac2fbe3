export { Public, RequireLevel, RequireRoles } from './access.js';
export { type AuthenticatedActor, CurrentActor, actorOf } from './actor.js';
export { AuthGuard } from './auth-guard.js';
export { type Denial } from './denial-log.js';
export { OidcTokenVerifier, type OidcOptions } from './oidc-token-verifier.js';
export { TokenVerifier } from './token-verifier.js';
