import { ApiError } from '@aumos/agf-domain';
import { createRemoteJWKSet, customFetch, type JWTVerifyGetKey } from 'jose';

export interface IssuerKeysOptions {
  issuer: string;
  /** without it the issuer's discovery document says where the keys are */
  jwksUrl?: string;
  timeoutMs: number;
  /** the least time between two fetches that unknown key ids can cause */
  cooldownMs: number;
}

const CACHE_MS = 600_000;

class KeysUnavailable extends Error {}

/** The token may be good: it is us who cannot tell. */
const unavailable = (): ApiError =>
  new ApiError('SERVICE_UNAVAILABLE', 'Tokens cannot be checked at the moment.', { retry_after_seconds: 5 });

/** The issuer's public keys by JWKS, fetched once and again when they are old or a key id is unknown. */
export class IssuerKeys {
  private located: Promise<JWTVerifyGetKey> | undefined;
  private failedAt = -Infinity;

  constructor(private readonly options: IssuerKeysOptions) {}

  /** jose's key function. @throws ApiError SERVICE_UNAVAILABLE when the issuer does not answer as it should */
  readonly get: JWTVerifyGetKey = async (header, token) => {
    try {
      const keys = await this.locate();
      return await keys(header, token);
    } catch (error) {
      if (error instanceof KeysUnavailable || isBadKeySet(error)) throw unavailable();
      throw error;
    }
  };

  private locate(): Promise<JWTVerifyGetKey> {
    if (this.located) return this.located;
    // An issuer that is down is not asked again for each request.
    if (Date.now() - this.failedAt < 1000) return Promise.reject(new KeysUnavailable());
    const located = this.discover().then((url) => this.keySet(url));
    located.catch(() => {
      this.located = undefined;
      this.failedAt = Date.now();
    });
    return (this.located = located);
  }

  private keySet(url: string): JWTVerifyGetKey {
    return createRemoteJWKSet(new URL(url), {
      timeoutDuration: this.options.timeoutMs,
      cooldownDuration: this.options.cooldownMs,
      cacheMaxAge: CACHE_MS,
      [customFetch]: async (at, init) => {
        const answer = await fetch(at, init).catch(() => undefined);
        if (answer?.status !== 200) throw new KeysUnavailable();
        return answer;
      },
    });
  }

  private async discover(): Promise<string> {
    const { issuer, jwksUrl, timeoutMs } = this.options;
    if (jwksUrl !== undefined) return jwksUrl;
    const at = `${issuer.replace(/\/+$/, '')}/.well-known/openid-configuration`;
    const answer = await fetch(at, { signal: AbortSignal.timeout(timeoutMs) }).catch(() => undefined);
    const found = (answer?.ok ? await answer.json().catch(() => undefined) : undefined) as
      { issuer?: unknown; jwks_uri?: unknown } | undefined;
    // OpenID Connect Discovery 4.3: a document of another issuer must not be used.
    if (found?.issuer !== issuer || typeof found.jwks_uri !== 'string' || !URL.canParse(found.jwks_uri))
      throw new KeysUnavailable();
    return found.jwks_uri;
  }
}

function isBadKeySet(error: unknown): boolean {
  return ['ERR_JWKS_TIMEOUT', 'ERR_JWKS_INVALID', 'ERR_JOSE_GENERIC'].includes((error as { code?: string }).code ?? '');
}
