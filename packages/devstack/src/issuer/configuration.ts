import { type ClientMetadata, type Configuration, type ResourceServer } from 'oidc-provider';
import { SERVICE_CLIENT, claimsOf } from './accounts.js';
import { type IssuerKeys } from './keys.js';

export const AUDIENCE = 'aumos-agent-framework';
/** how OAuth's requests name the platform's API: a URI, by RFC 8707 */
export const RESOURCE = 'urn:aumos:agent-framework';
/** scope of the platform's API */
export const SCOPE = 'agf';
/** Development only: a token for an account by its name, without a password. */
export const ACCOUNT_GRANT = 'urn:aumos:agf:grant:account';
export const CLI_CLIENT = 'agf-cli';
export const CONSOLE_CLIENT = 'agf-console';

const TOKEN_SECONDS = 3600;
const DAY_SECONDS = 86_400;
export const LOGIN_SCOPE = 'openid profile email offline_access';

/** The API as the issuer knows it: its tokens are JWTs, signed ES256. */
export const API: ResourceServer = {
  scope: SCOPE,
  audience: AUDIENCE,
  accessTokenTTL: TOKEN_SECONDS,
  accessTokenFormat: 'jwt',
  jwt: { sign: { alg: 'ES256' } },
};

const publicClient = (client_id: string, grant_types: string[]): ClientMetadata => ({
  client_id,
  application_type: 'native',
  token_endpoint_auth_method: 'none',
  grant_types: [...grant_types, 'refresh_token'],
  response_types: [],
  redirect_uris: [],
  id_token_signed_response_alg: 'ES256',
});

const clients = (keys: IssuerKeys): ClientMetadata[] => [
  publicClient(CLI_CLIENT, ['urn:ietf:params:oauth:grant-type:device_code', ACCOUNT_GRANT]),
  {
    ...publicClient(CONSOLE_CLIENT, ['authorization_code']),
    response_types: ['code'],
    // A native client's loopback address goes with any port.
    redirect_uris: ['http://127.0.0.1/callback'],
    post_logout_redirect_uris: ['http://127.0.0.1/'],
  },
  {
    client_id: SERVICE_CLIENT,
    client_secret: keys.service_secret,
    grant_types: ['client_credentials'],
    response_types: [],
    redirect_uris: [],
    id_token_signed_response_alg: 'ES256',
  },
];

const isLoopback = (origin: string): boolean => /^http:\/\/(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/.test(origin);

const claimNames = ['tenant_id', 'privilege_level', 'realm_access'];

/** @see https://github.com/panva/node-oidc-provider/blob/main/docs/README.md */
export const configuration = (keys: IssuerKeys): Configuration => ({
  jwks: keys.jwks,
  cookies: { keys: [keys.cookie] },
  clients: clients(keys),
  responseTypes: ['code'],
  pkce: { required: () => true },
  scopes: ['openid', 'offline_access', 'profile', 'email'],
  claims: { openid: ['sub', ...claimNames], profile: ['name', 'preferred_username'], email: ['email'] },
  conformIdTokenClaims: false,
  enabledJWA: { idTokenSigningAlgValues: ['ES256'] },
  clientBasedCORS: (_ctx, origin) => isLoopback(origin),
  findAccount: (_ctx, id) => {
    const claims = claimsOf(id);
    return claims && { accountId: id, claims: () => ({ sub: id, ...claims }) };
  },
  extraTokenClaims: (_ctx, token) => {
    const claims = claimsOf(('accountId' in token && token.accountId) || (token.clientId ?? ''));
    return claims && { ...claims };
  },
  ttl: {
    AccessToken: TOKEN_SECONDS,
    AuthorizationCode: 60,
    ClientCredentials: TOKEN_SECONDS,
    DeviceCode: 600,
    Grant: DAY_SECONDS,
    IdToken: TOKEN_SECONDS,
    Interaction: 600,
    RefreshToken: DAY_SECONDS,
    Session: DAY_SECONDS,
  },
  features: {
    devInteractions: { enabled: false },
    clientCredentials: { enabled: true },
    deviceFlow: { enabled: true },
    revocation: { enabled: true },
    rpInitiatedLogout: { enabled: true },
    resourceIndicators: {
      enabled: true,
      defaultResource: () => RESOURCE,
      useGrantedResource: () => true,
      getResourceServerInfo: () => API,
    },
  },
  interactions: { url: (_ctx, interaction) => `/interaction/${interaction.uid}` },
});
