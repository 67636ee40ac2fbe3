export { TestIssuer, type TokenClaims } from './test-issuer.js';
export { type ForgedIssuer, forge, Forger, type Forgery } from './forged-tokens.js';
export { CALLERS, mayCall, type RouteAccess, RouteWalk } from './route-walk.js';
