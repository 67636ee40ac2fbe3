import {
  createHmac,
  createPublicKey,
  createSecretKey,
  generateKeyPairSync,
  type JsonWebKey,
  type KeyObject,
  sign,
} from 'node:crypto';

/** What a forger knows, and what tests lend them: the key that the issuer signs with. */
export interface ForgedIssuer {
  issuer: string;
  audience: string;
  /** an EC key of P-256 */
  key: KeyObject;
  kid: string;
}

export interface Forgery {
  says: string;
  token: () => string;
  /** default 401 UNAUTHORIZED */
  status: number;
  code: string;
}

type Claims = Record<string, unknown>;
type Row = [says: string, token: () => string, status?: number, code?: string];

const b64 = (value: unknown): string =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');

/** Signs whatever it is given, however wrong. */
export function forge(header: object | string, payload: object | string, key: KeyObject, hash = 'sha256'): string {
  const input = `${b64(header)}.${b64(payload)}`;
  const signature =
    key.type === 'secret'
      ? createHmac(hash, key).update(input).digest()
      : sign(hash, Buffer.from(input), { key, dsaEncoding: 'ieee-p1363' });
  return `${input}.${signature.toString('base64url')}`;
}

const withPart = (token: string, at: number, part: string): string =>
  token
    .split('.')
    .map((each, i) => (i === at ? part : each))
    .join('.');
const partOf = (token: string, at: number): string => token.split('.')[at] ?? '';
const now = (): number => Math.floor(Date.now() / 1000);
const GROUP_ORDER = BigInt('0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551');

/** The same signature in its other form, (r, n - s): who takes it knows a token by more than one text. */
function malleated(token: string): string {
  const signature = Buffer.from(partOf(token, 2), 'base64url');
  const s = GROUP_ORDER - BigInt(`0x${signature.subarray(32).toString('hex')}`);
  const other = Buffer.concat([signature.subarray(0, 32), Buffer.from(s.toString(16).padStart(64, '0'), 'hex')]);
  // One bit more, so that it is no signature in any form.
  other[0] = (other[0] ?? 0) ^ 1;
  return withPart(token, 2, other.toString('base64url'));
}

/** Tokens of an issuer, and tokens that look like them, from one account's claims. */
export class Forger {
  private readonly attacker = generateKeyPairSync('ec', { namedCurve: 'P-256' });

  /** @param account claims of somebody who may do what is tried @param trap where nobody may look for keys */
  constructor(
    private readonly issuer: ForgedIssuer,
    private readonly account: Claims,
    private readonly trap: string,
  ) {}

  /** As the issuer signs it; `claims` and `header` replace or, with undefined, remove. */
  good(claims: Claims = {}, header: Claims = {}): string {
    return forge(this.header(header), this.claims(claims), this.issuer.key);
  }

  /** Each is refused by whoever verifies tokens of the issuer. */
  all(): Forgery[] {
    const rows = [
      ...this.algorithms(),
      ...this.signatures(),
      ...this.shapes(),
      ...this.claimed(),
      ...this.tenants(),
      ...this.levels(),
      ...this.kinds(),
    ];
    return rows.map(([says, token, status = 401, code = 'UNAUTHORIZED']) => ({ says, token, status, code }));
  }

  /** Each is the account's, but has none of its roles. */
  withoutRoles(): Forgery[] {
    const none: [string, unknown][] = [
      ['a text', { roles: 'admin' }],
      ['an object', { roles: { 0: 'admin', length: 1 } }],
      ['a list in a list', { roles: [['admin']] }],
      ['others in upper case', { roles: ['ADMIN'] }],
      ['with a space', { roles: ['admin '] }],
      ['in one text', { roles: ['admin,developer'] }],
      ['directly', ['admin']],
      ['nothing', null],
    ];
    return none.map(([says, realm_access]) => ({
      says: `roles as ${says}`,
      token: () => this.good({ realm_access }),
      status: 403,
      code: 'FORBIDDEN',
    }));
  }

  private header(more: Claims = {}): Claims {
    return { alg: 'ES256', typ: 'at+jwt', kid: this.issuer.kid, ...more };
  }

  private claims(more: Claims = {}): Claims {
    const { issuer: iss, audience: aud } = this.issuer;
    return { iss, aud, iat: now(), exp: now() + 600, ...this.account, ...more };
  }

  /** By a key of their own. */
  private forged(header: Claims | string = {}, claims: Claims | string = {}): string {
    const payload = typeof claims === 'string' ? claims : this.claims(claims);
    return forge(typeof header === 'string' ? header : this.header(header), payload, this.attacker.privateKey);
  }

  private algorithms(): Row[] {
    const known = createPublicKey(this.issuer.key);
    const jwk = known.export({ format: 'jwk' });
    const secrets: [string, string | Buffer][] = [
      ['in PEM', known.export({ type: 'spki', format: 'pem' })],
      ['in PEM without its last line break', known.export({ type: 'spki', format: 'pem' }).toString().trimEnd()],
      ['in DER', known.export({ type: 'spki', format: 'der' })],
      ['as JWK', JSON.stringify(jwk)],
      ['by its x', Buffer.from(jwk.x ?? '', 'base64url')],
    ];
    const none = ['none', 'None', 'NONE', 'nOnE', ''];
    return [
      ...none.flatMap((alg): Row[] => [
        [`alg ${JSON.stringify(alg)}, unsigned`, () => `${b64(this.header({ alg }))}.${b64(this.claims())}.`],
        [
          `alg ${JSON.stringify(alg)}, with a good signature`,
          () => withPart(this.good(), 0, b64(this.header({ alg }))),
        ],
      ]),
      ...secrets.map(([says, secret]): Row => {
        const key = createSecretKey(Buffer.from(secret));
        return [`HS256 with the public key ${says}`, () => forge(this.header({ alg: 'HS256' }), this.claims(), key)];
      }),
      [
        'HS512 with a key of zeros',
        () => forge(this.header({ alg: 'HS512' }), this.claims(), createSecretKey(Buffer.alloc(64)), 'sha512'),
      ],
      ...['ES384', 'ES512', 'ES256K', 'EdDSA', 'RS256', 'PS256', 'RS1', 'es256', 'ECDH-ES'].map((alg): Row => [
        `${alg} over the issuer's EC key`,
        () => forge(this.header({ alg }), this.claims(), this.issuer.key),
      ]),
      ['alg that is a list', () => forge(this.header({ alg: ['ES256'] }), this.claims(), this.issuer.key)],
      ['no alg', () => forge(this.header({ alg: undefined }), this.claims(), this.issuer.key)],
    ];
  }

  private signatures(): Row[] {
    const jwk: JsonWebKey = this.attacker.publicKey.export({ format: 'jwk' });
    const kids: [string, unknown][] = [
      ['unknown', 'nobody'],
      ['a path', '../../../../dev/null'],
      ['a file', 'file:///dev/null'],
      ['a URL', `${this.trap}/jwks`],
      ['a statement', "x' UNION SELECT 'key' --"],
      ['a command', '|touch /tmp/x'],
      ['with NUL', `${this.issuer.kid}\0`],
      ['a list', [this.issuer.kid]],
      ['an object', { kid: this.issuer.kid }],
      ['a number', 0],
      ['__proto__', '__proto__'],
      ['very long', 'k'.repeat(4000)],
    ];
    return [
      ['another key under the same kid', () => this.forged()],
      ['another key without kid', () => this.forged({ kid: undefined })],
      ...kids.map(([says, kid]): Row => [`a kid that is ${says}`, () => this.forged({ kid })]),
      ['its own key in jwk', () => this.forged({ jwk })],
      ['its own key in jwk, with its kid', () => this.forged({ kid: 'mine', jwk: { ...jwk, kid: 'mine' } })],
      ['its own key set in jku', () => this.forged({ jku: `${this.trap}/jwks` })],
      ['its own key set in jku, by its kid', () => this.forged({ jku: `${this.trap}/jwks`, kid: 'key-1' })],
      ['its own certificate in x5u', () => this.forged({ x5u: `${this.trap}/jwks` })],
      ['its own certificate in x5c', () => this.forged({ x5c: ['MIIB'] })],
      ['a thumbprint in x5t', () => this.forged({ x5t: this.issuer.kid, 'x5t#S256': this.issuer.kid })],
      ['a swapped payload', () => withPart(this.good(), 1, b64(this.claims({ sub: 'root' })))],
      ['a swapped header', () => withPart(this.good(), 0, b64(this.header({ x: 1 })))],
      ['no signature', () => withPart(this.good(), 2, '')],
      ['a signature of zeros (CVE-2022-21449)', () => withPart(this.good(), 2, Buffer.alloc(64).toString('base64url'))],
      ['a signature of the group order', () => withPart(this.good(), 2, b64Order())],
      ['a changed signature', () => malleated(this.good())],
      ['a cut signature', () => this.good().slice(0, -4)],
      ['a longer signature', () => `${this.good()}AAAA`],
      ['a signature in DER', () => this.inDer()],
      ['the signature of another token', () => withPart(this.good(), 2, partOf(this.good({ jti: 'x' }), 2))],
      ['crit with an unknown extension', () => this.good({}, { crit: ['x-mine'], 'x-mine': 1 })],
      ['crit with an extension that is not there', () => this.good({}, { crit: ['x-mine'] })],
      ['an empty crit', () => this.good({}, { crit: [] })],
      ['crit that is no list', () => this.good({}, { crit: 'exp' })],
      ['a payload that is not encoded (b64 false)', () => this.good({}, { b64: false, crit: ['b64'] })],
    ];
  }

  private shapes(): Row[] {
    const twice = `{"alg":"none","alg":"ES256","typ":"at+jwt","kid":${JSON.stringify(this.issuer.kid)}}`;
    return [
      ['a word', () => 'abc'],
      ['two parts', () => this.good().split('.').slice(0, 2).join('.')],
      ['four parts', () => `${this.good()}.x`],
      ['five parts, as if encrypted', () => 'eyJhbGciOiJkaXIifQ..a.b.c'],
      ['a header that is no JSON', () => withPart(this.good(), 0, b64('{'))],
      ['a header that is null', () => withPart(this.good(), 0, b64('null'))],
      ['a header that says alg twice', () => this.forged(twice)],
      ['a payload that is no object', () => forge(this.header(), '"text"', this.issuer.key)],
      ['a payload that is a list', () => forge(this.header(), JSON.stringify([this.claims()]), this.issuer.key)],
      ['a payload that says its tenant twice, by another key', () => this.forged({}, this.twiceTenant())],
      ['10,000 characters', () => this.good({ filler: 'x'.repeat(7500) })],
      ['characters that are not base64url', () => this.good().replace('.', '!.')],
      ['a JSON serialisation', () => b64({ payload: partOf(this.good(), 1), signatures: [] })],
      ['only dots', () => '..'],
    ];
  }

  private claimed(): Row[] {
    const good = (claims: Claims) => () => this.good(claims);
    return [
      ['expired', good({ exp: now() - 61, iat: now() - 3600 }), 401, 'TOKEN_EXPIRED'],
      ['expired beyond the leeway', good({ exp: now() - 15 }), 401, 'TOKEN_EXPIRED'],
      ['expired in 1970', good({ exp: 0 }), 401, 'TOKEN_EXPIRED'],
      ['no exp', good({ exp: undefined })],
      ['exp that is a text', good({ exp: String(now() + 600) })],
      ['exp that is null', good({ exp: null })],
      ['nbf in the future', good({ nbf: now() + 120 })],
      ['nbf that is a text', good({ nbf: '0' })],
      ['iat in the future', good({ iat: now() + 120, exp: now() + 600 })],
      ['no iat', good({ iat: undefined })],
      ['another issuer', good({ iss: 'https://evil.example' })],
      ['the issuer with a slash', good({ iss: `${this.issuer.issuer}/` })],
      ['the issuer with a user', good({ iss: this.issuer.issuer.replace('://', '://x@') })],
      ['several issuers', good({ iss: [this.issuer.issuer] })],
      ['no issuer', good({ iss: undefined })],
      ['another audience', good({ aud: 'account' })],
      ['an audience that begins like ours', good({ aud: `${this.issuer.audience}-2` })],
      ['an audience in upper case', good({ aud: this.issuer.audience.toUpperCase() })],
      ['an empty list of audiences', good({ aud: [] })],
      ['no audience', good({ aud: undefined })],
      ['no subject', good({ sub: undefined })],
      ['an empty subject', good({ sub: '  ' })],
      ['a subject that is a list', good({ sub: ['admin'] })],
      ['a subject without end', good({ sub: 's'.repeat(256) })],
      ['a subject with NUL', good({ sub: 'some\0one' })],
      ['a subject with a line break', good({ sub: 'some\none' })],
      ['a subject with half of a pair', good({ sub: 'a\ud800' })],
      ['a name with NUL', good({ preferred_username: 'a\0' })],
      ['an address with a control character', good({ preferred_username: undefined, email: 'a\u0085@b' })],
    ];
  }

  private tenants(): Row[] {
    const tenant = String(this.account['tenant_id']);
    const wrong: [string, unknown][] = [
      ['no tenant', undefined],
      ['a tenant that is null', null],
      ['an empty tenant', ''],
      ['a tenant that is no uuid', 'acme'],
      ['a tenant that is a list', [tenant]],
      ['a tenant that is a number', 1],
      ['a tenant that is an object', { id: tenant }],
      ['two tenants', `${tenant},${tenant}`],
      ['a tenant with a statement', `${tenant}' OR 1=1`],
      ['a tenant in braces', `{${tenant}}`],
      ['a tenant with a space', ` ${tenant}`],
      ['a tenant without dashes', tenant.replaceAll('-', '')],
      ['every tenant', '*'],
      ['the nil tenant', '00000000-0000-0000-0000-000000000000'],
    ];
    return wrong.map(([says, tenant_id]) => [says, () => this.good({ tenant_id }), 403, 'MISSING_TENANT_CLAIM']);
  }

  private levels(): Row[] {
    const wrong = [6, 0, -1, 2.5, 1e9, '5', [5], { level: 5 }, true];
    return wrong.map((level) => [`level ${JSON.stringify(level)}`, () => this.good({ privilege_level: level })]);
  }

  private kinds(): Row[] {
    return [
      ['an ID token by its at_hash', () => this.good({ at_hash: 'x' }, { typ: 'JWT' })],
      ['an ID token by its c_hash', () => this.good({ c_hash: 'x' }, { typ: 'JWT' })],
      ["Keycloak's ID token", () => this.good({ typ: 'ID' }, { typ: 'JWT' })],
      ["Keycloak's refresh token", () => this.good({ typ: 'Refresh' }, { typ: 'JWT' })],
      ["Keycloak's offline token", () => this.good({ typ: 'Offline' }, { typ: 'JWT' })],
      ['a logout token', () => this.good({ events: {} }, { typ: 'logout+jwt' })],
      ['a logout token that says JWT', () => this.good({ events: {} }, { typ: 'JWT' })],
      ['a security event token', () => this.good({ events: {} }, { typ: 'secevent+jwt' })],
      ['a DPoP proof', () => this.good({}, { typ: 'dpop+jwt' })],
      ['a token bound to a key', () => this.good({ cnf: { jkt: 'x' } })],
      ['a token bound to a certificate', () => this.good({ cnf: { 'x5t#S256': 'x' } })],
      ['no typ', () => this.good({}, { typ: undefined })],
      ['a typ that is a list', () => this.good({}, { typ: ['at+jwt'] })],
    ];
  }

  private twiceTenant(): string {
    return JSON.stringify(this.claims()).replace('{', `{"tenant_id":${JSON.stringify(this.account['tenant_id'])},`);
  }

  private inDer(): string {
    const input = this.good().split('.').slice(0, 2).join('.');
    const signature = sign('sha256', Buffer.from(input), { key: this.issuer.key, dsaEncoding: 'der' });
    return `${input}.${signature.toString('base64url')}`;
  }
}

const b64Order = (): string => {
  const order = Buffer.from(GROUP_ORDER.toString(16).padStart(64, '0'), 'hex');
  return Buffer.concat([order, order]).toString('base64url');
};
