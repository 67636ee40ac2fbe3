import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { exportJWK, type JWK, type JWTHeaderParameters, type JWTPayload, SignJWT } from 'jose';

export interface TokenClaims extends JWTPayload {
  tenant_id?: string;
  privilege_level?: number;
  realm_access?: { roles: string[] };
  preferred_username?: string;
}

/** An OpenID Connect issuer on loopback for suites: discovery, JWKS, tokens with any claims. */
export class TestIssuer {
  /** requests for the key set so far */
  keyFetches = 0;
  readonly audience = 'aumos-agent-framework';
  readonly kid = 'key-1';

  private constructor(
    private readonly server: Server,
    readonly issuer: string,
    /** what it signs with */
    readonly key: KeyObject,
    private readonly keys: JWK[],
  ) {}

  /** @param port 0: a free one @param like takes over the keys of an issuer that was closed */
  static async start(port = 0, like?: TestIssuer): Promise<TestIssuer> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
    const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const own = { ...(await exportJWK(publicKey)), kid: 'key-1', alg: 'ES256', use: 'sig' };
    const made = new TestIssuer(server, issuer, like?.key ?? privateKey, like?.keys ?? [own]);
    server.on('request', (request, response) => {
      const body = made.answer(request.url ?? '');
      response.writeHead(body ? 200 : 404, { 'content-type': 'application/json' }).end(JSON.stringify(body ?? {}));
    });
    return made;
  }

  /** A good token for an hour; `claims` and `header` replace or, with undefined, remove. */
  async token(claims: TokenClaims, header: Partial<JWTHeaderParameters> = {}): Promise<string> {
    const now = Math.floor(Date.now() / 1000);
    const all = { iss: this.issuer, aud: this.audience, sub: 'someone', iat: now, exp: now + 3600, ...claims };
    return new SignJWT(all)
      .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid: this.kid, ...header })
      .sign(this.key);
  }

  /** Publishes another key beside those there are. */
  publish(key: JWK): void {
    this.keys.push(key);
  }

  /** Settings that make a service trust this issuer. */
  get env(): Record<string, string> {
    return { AUMOS_AGF_OIDC_ISSUER: this.issuer, AUMOS_AGF_OIDC_AUDIENCE: this.audience };
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private answer(url: string): object | undefined {
    if (url === '/.well-known/openid-configuration') return { issuer: this.issuer, jwks_uri: `${this.issuer}/jwks` };
    if (url !== '/jwks') return undefined;
    this.keyFetches++;
    return { keys: this.keys };
  }
}
