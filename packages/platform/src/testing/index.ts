export { TestIssuer, type TokenClaims } from './test-issuer.js';
