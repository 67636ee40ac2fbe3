import { ApiError } from '@aumos/agf-domain';
import { errors, type JWTHeaderParameters, jwtVerify } from 'jose';
import { type AuthenticatedActor } from './actor.js';
import { actorFromClaims, unauthorized } from './claims.js';
import { IssuerKeys } from './issuer-keys.js';
import { TokenVerifier } from './token-verifier.js';

export interface OidcOptions {
  issuer: string;
  audience: string;
  /** where the keys are; default: what the issuer's discovery document says */
  jwksUrl?: string;
  /** 0 to 60 */
  leewaySeconds?: number;
  /** the least time between two fetches that unknown key ids can cause; default 30 s */
  cooldownMs?: number;
}

/** Fixed, never the token's choice. */
const ALGORITHMS = ['ES256', 'RS256'];
const ACCESS_TOKEN_TYPES = new Set(['at+jwt', 'jwt']);
const LONGEST_TOKEN = 8192;

/** Verifies access tokens of one OpenID Connect issuer by its JWKS. */
export class OidcTokenVerifier extends TokenVerifier {
  private readonly keys: IssuerKeys;
  private readonly leeway: number;

  constructor(private readonly options: OidcOptions) {
    super();
    this.leeway = Math.min(60, options.leewaySeconds ?? 10);
    this.keys = new IssuerKeys({
      issuer: options.issuer,
      jwksUrl: options.jwksUrl,
      timeoutMs: 3000,
      cooldownMs: options.cooldownMs ?? 30_000,
    });
  }

  async verify(token: string): Promise<AuthenticatedActor> {
    if (token.length > LONGEST_TOKEN) throw unauthorized('The token is too long.');
    const { payload, protectedHeader } = await this.checked(token);
    checkType(protectedHeader);
    if (typeof payload.iat === 'number' && payload.iat > Date.now() / 1000 + this.leeway)
      throw unauthorized('The token is not valid yet.');
    return actorFromClaims(payload);
  }

  private async checked(token: string): Promise<Awaited<ReturnType<typeof jwtVerify>>> {
    try {
      return await jwtVerify(token, this.keys.get, {
        algorithms: ALGORITHMS,
        issuer: this.options.issuer,
        audience: this.options.audience,
        clockTolerance: this.leeway,
        requiredClaims: ['exp', 'iat', 'sub'],
      });
    } catch (error) {
      if (error instanceof ApiError) throw error;
      if (error instanceof errors.JWTExpired) throw new ApiError('TOKEN_EXPIRED', 'The token has expired.');
      // Which check failed is nobody's business: it would guide the next forgery.
      throw unauthorized('The token is not valid.');
    }
  }
}

function checkType({ typ }: JWTHeaderParameters): void {
  const type = typeof typ === 'string' ? typ.toLowerCase().replace(/^application\//, '') : '';
  if (!ACCESS_TOKEN_TYPES.has(type)) throw unauthorized('The token is not an access token.');
}
