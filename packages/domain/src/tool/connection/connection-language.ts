/** What a connection's settings are, by its kind. */
import { z } from 'zod';
import { httpLanguage, SECRET_NAME } from '../registry/tool-language.js';
import { CONNECTION_KINDS, SMTP_TLS, type ConnectionKind } from './connection.js';

const CONNECTION_NAME = /^[a-z][a-z0-9_-]{0,63}$/;
/** As URLs have it, without brackets: a name, or an address. */
const HOST =
  /^(?=.{1,253}$)(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?(?:\.[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?)*|[0-9a-f:.]+)$/;
/** One address of RFC 5321, without comments and quoted parts. */
export const MAIL_ADDRESS = /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63})+$/;
const KEY_PREFIX = /^(?:(?!\.{1,2}\/)[A-Za-z0-9!_.*'()=-]{1,255}\/)*$/;

const host = z.string().regex(HOST, 'must be a host as URLs have it: lower case, without a port');
const port = z.int().min(1).max(65_535);
const text = (most: number): z.ZodString =>
  z.string().regex(new RegExp(`^[\\x21-\\x7e]{1,${String(most)}}$`), `must be 1 to ${String(most)} visible characters`);
/** Names of PostgreSQL: in bytes. */
const identifier = z.string().refine((name) => /^[^\0]+$/.test(name) && Buffer.byteLength(name) <= 63, {
  error: 'must be 1 to 63 bytes',
});

export const settingsLanguage = {
  postgres: z.strictObject({
    host,
    port: port.optional(),
    database: identifier,
    user: identifier,
    schema: identifier.optional(),
    tls: z.enum(['verify', 'none']).optional(),
  }),
  smtp: z.strictObject({
    host,
    port: port.optional(),
    tls: z.enum(SMTP_TLS).optional(),
    from: z.string().max(320).regex(MAIL_ADDRESS, 'must be an address, as name@example.com'),
    user: text(256).optional(),
  }),
  s3: z.strictObject({
    endpoint: z.string().max(2_048),
    region: z
      .string()
      .regex(/^[a-z0-9-]{1,64}$/)
      .optional(),
    bucket: z.string().regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, 'must be the name of a bucket'),
    prefix: z.string().max(512).regex(KEY_PREFIX, 'must be empty, or end with a slash').optional(),
    path_style: z.boolean().optional(),
    access_key_id: text(128),
  }),
  ticket: z.strictObject({ http: httpLanguage }),
} as const satisfies Record<ConnectionKind, z.ZodType>;

export type SettingsOf<K extends ConnectionKind> = z.infer<(typeof settingsLanguage)[K]>;

export const connectionLanguage = z.strictObject({
  name: z
    .string()
    .regex(CONNECTION_NAME, 'must be a lower-case letter, then lower-case letters, digits, _ or -, at most 64'),
  kind: z.enum(CONNECTION_KINDS),
  settings: z.record(z.string(), z.unknown()),
  secret: z.string().regex(SECRET_NAME, 'must be the name of a secret').optional(),
});
