import { type Claims } from '@aumos/agf-domain';
import { type JWTPayload } from 'jose';

/** What tokens have of their own, or what the platform reads itself: no group asks for it. */
const OWN = new Set(
  (
    'iss sub aud exp nbf iat jti typ azp client_id sid session_state nonce auth_time acr amr scope ' +
    'tenant_id privilege_level realm_access resource_access preferred_username email email_verified'
  ).split(' '),
);
const MOST_CLAIMS = 50;
const MOST_VALUES = 100;
const LONGEST_NAME = 100;
const LONGEST_VALUE = 255;

/** Texts, and lists of texts, of a verified token; what is too long, or too much, is left out. */
export function furtherClaims(claims: JWTPayload): Claims {
  const further: [string, readonly string[]][] = [];
  for (const [name, value] of Object.entries(claims)) {
    if (further.length >= MOST_CLAIMS) break;
    if (OWN.has(name) || name.length > LONGEST_NAME) continue;
    const values = (Array.isArray(value) ? (value as unknown[]).slice(0, MOST_VALUES) : [value]).filter(isText);
    if (values.length > 0) further.push([name, values]);
  }
  // A member `__proto__` is a member here like any other.
  return Object.fromEntries(further);
}

const isText = (value: unknown): value is string => typeof value === 'string' && value.length <= LONGEST_VALUE;

/** Whom the token was given to. */
export function clientOf({ azp, client_id }: JWTPayload): string | undefined {
  const client = [azp, client_id].find((one) => typeof one === 'string' && one !== '');
  return typeof client === 'string' ? client.slice(0, LONGEST_VALUE) : undefined;
}
