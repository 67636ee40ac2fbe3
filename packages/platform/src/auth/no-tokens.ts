import { type AuthenticatedActor } from './actor.js';
import { unauthorized } from './claims.js';
import { TokenVerifier } from './token-verifier.js';

/** Of an app without token settings: only its public routes answer. */
export class NoTokens extends TokenVerifier {
  verify(): Promise<AuthenticatedActor> {
    return Promise.reject(unauthorized('This service takes no tokens.'));
  }
}
