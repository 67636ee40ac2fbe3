import type { JsonObject } from '../../json/json.js';
import type { HttpTarget } from '../registry/tool-definition.js';

/** What a connection leads to. */
export const CONNECTION_KINDS = ['postgres', 'smtp', 's3', 'ticket'] as const;
export type ConnectionKind = (typeof CONNECTION_KINDS)[number];

/** The least level that a call of `connection_admin`, or its REST twin, needs. */
export const CONNECTION_ADMIN_LEVEL = 4;

interface Opened<K extends ConnectionKind> {
  id: string;
  name: string;
  kind: K;
}

/** Opened for one call. Credentials included: never logged, never in results or errors. */
export interface PostgresConnection extends Opened<'postgres'> {
  url: string;
  schema: string;
  /** the tenant's own words say where it leads: the outgoing rules hold for it */
  guarded: boolean;
}

/** `none` speaks in the clear, and sends no credentials. */
export const SMTP_TLS = ['implicit', 'starttls', 'none'] as const;

export interface SmtpConnection extends Opened<'smtp'> {
  host: string;
  port: number;
  tls: (typeof SMTP_TLS)[number];
  /** whom every message is from */
  from: string;
  credentials: { user: string; password: string } | null;
}

export interface S3Connection extends Opened<'s3'> {
  endpoint: string;
  region: string;
  bucket: string;
  /** empty, or ends with a slash: every key begins with it */
  prefix: string;
  path_style: boolean;
  credentials: { accessKeyId: string; secretAccessKey: string };
}

/** Where tickets are made: `http` over the tool's arguments. Its secrets are opened when it is sent. */
export interface TicketConnection extends Opened<'ticket'> {
  http: HttpTarget;
}

interface ByKind {
  postgres: PostgresConnection;
  smtp: SmtpConnection;
  s3: S3Connection;
  ticket: TicketConnection;
}

export type Connection<K extends ConnectionKind = ConnectionKind> = ByKind[K];

/** Finds the tenant's registered connections; bound to one tenant. */
export abstract class ConnectionResolver {
  /**
   * Without a name: the tenant's only one of the kind.
   * @throws ToolError `CONNECTION_NOT_FOUND`, `CONNECTION_AMBIGUOUS`, `CONNECTION_DISABLED`, `SECRET_NOT_FOUND`
   */
  abstract resolve<K extends ConnectionKind>(kind: K, name?: string): Promise<Connection<K>>;
}

/** A connection as it is registered. */
export interface ConnectionDefinition {
  name: string;
  kind: ConnectionKind;
  /** nothing secret */
  settings: JsonObject;
  /** name of the tenant's secret with the credentials */
  secret?: string;
}

/** All that is ever told of one. */
export interface ConnectionInfo extends ConnectionDefinition {
  enabled: boolean;
  created_at: string;
  updated_at: string;
}

/** Changes the tenant's connections, and says so in its audit; bound to one tenant and one caller. */
export abstract class ConnectionAdmin {
  abstract list(): Promise<ConnectionInfo[]>;
  /** @throws ApiError `VALIDATION_ERROR`, `CONFLICT` when the tenant has the name */
  abstract create(input: unknown): Promise<ConnectionInfo>;
  /** Enables it, too. @throws ApiError `VALIDATION_ERROR`, `NOT_FOUND` */
  abstract replace(name: string, input: unknown): Promise<ConnectionInfo>;
  /** No call uses it any more, until it is replaced. @throws ApiError `NOT_FOUND` */
  abstract disable(name: string): Promise<ConnectionInfo>;
}
