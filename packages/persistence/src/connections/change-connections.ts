import {
  type Actor,
  ApiError,
  checkConnection,
  type ConnectionDefinition,
  connectionHost,
  type ConnectionInfo,
  type FieldError,
  invalidRequest,
  type JsonObject,
} from '@aumos/agf-domain';
import { Injectable } from '@nestjs/common';
import { type ConnectionEntity } from '../entities/index.js';
import { AuditRepository } from '../repositories/audit.repository.js';
import { ConnectionsRepository } from '../repositories/connections.repository.js';
import { ToolSecretsRepository } from '../repositories/tool-secrets.repository.js';
import { TenantDb } from '../tenant/tenant-db.js';
import { sentSecrets } from './sent-secrets.js';

type Who = Pick<Actor, 'tenant_id' | 'sub'>;

/**
 * A tenant's connections, as its admins and its tools change them. Each change is in the audit; credentials are a
 * secret's, which goes to its own hosts only, so that nobody sends one that they do not know somewhere else.
 */
@Injectable()
export class ChangeConnections {
  constructor(
    private readonly db: TenantDb,
    private readonly connections: ConnectionsRepository,
    private readonly secrets: ToolSecretsRepository,
    private readonly audit: AuditRepository,
  ) {}

  /** By name. */
  async list(tenantId: string): Promise<ConnectionInfo[]> {
    return this.db.run(tenantId, async () => (await this.connections.list()).map(infoOf));
  }

  /** @throws ApiError `NOT_FOUND` */
  async get(tenantId: string, name: string): Promise<ConnectionInfo> {
    return this.db.run(tenantId, () => this.found(name));
  }

  /** @throws ApiError `VALIDATION_ERROR`, `CONFLICT` when the tenant has the name */
  async create(actor: Who, input: unknown): Promise<ConnectionInfo> {
    const definition = checked(input);
    return this.db.run(actor.tenant_id, async () => {
      await this.checkSecrets(definition);
      if (!(await this.connections.create(rowOf(definition))))
        throw new ApiError('CONFLICT', `There is a connection called ${definition.name}.`, { name: definition.name });
      await this.audited(actor, 'connection.create', definition.name, shownOf(definition));
      return this.found(definition.name);
    });
  }

  /** All of it, and enables it. @throws ApiError `VALIDATION_ERROR`, `NOT_FOUND` */
  async replace(actor: Who, name: string, input: unknown): Promise<ConnectionInfo> {
    return this.db.run(actor.tenant_id, async () => {
      await this.found(name);
      const definition = checked(typeof input === 'object' && input !== null ? { ...input, name } : input);
      await this.checkSecrets(definition);
      await this.connections.put(rowOf(definition));
      await this.audited(actor, 'connection.replace', name, shownOf(definition));
      return this.found(name);
    });
  }

  /** No call uses it any more, until it is replaced. @throws ApiError `NOT_FOUND` */
  async disable(actor: Who, name: string): Promise<ConnectionInfo> {
    return this.db.run(actor.tenant_id, async () => {
      if (!(await this.connections.disable(name))) throw missing(name);
      await this.audited(actor, 'connection.disable', name);
      return this.found(name);
    });
  }

  /** @throws ApiError `NOT_FOUND` */
  async remove(actor: Who, name: string): Promise<void> {
    await this.db.run(actor.tenant_id, async () => {
      if (!(await this.connections.remove(name))) throw missing(name);
      await this.audited(actor, 'connection.remove', name);
    });
  }

  private async found(name: string): Promise<ConnectionInfo> {
    const row = await this.connections.findByName(name);
    if (!row) throw missing(name);
    return infoOf(row);
  }

  /** Each has to be there, and for the host that it would be sent to. */
  private async checkSecrets(definition: ConnectionDefinition): Promise<void> {
    const fields: FieldError[] = [];
    for (const { field, secret, host } of sentSecrets(definition)) {
      const known = await this.secrets.find(secret);
      if (!known?.hosts.includes(host)) fields.push({ field, error: `names no secret that may be sent to ${host}` });
    }
    if (fields.length > 0) throw invalidRequest(fields);
  }

  private async audited(actor: Who, action: string, name: string, details: JsonObject = {}): Promise<void> {
    const entry = { actor_id: actor.sub, action, resource_type: 'connection', resource_id: name, details };
    await this.audit.append({ ...entry, outcome: 'allowed' });
  }
}

function checked(input: unknown): ConnectionDefinition {
  const found = checkConnection(input);
  if ('fields' in found) throw invalidRequest(found.fields);
  return found.definition;
}

const rowOf = ({ secret, ...definition }: ConnectionDefinition): Parameters<ConnectionsRepository['create']>[0] => ({
  ...definition,
  secret_name: secret ?? null,
});

const infoOf = ({
  name,
  kind,
  settings,
  secret_name,
  enabled,
  created_at,
  updated_at,
}: ConnectionEntity): ConnectionInfo => ({
  ...{ name, kind, settings, enabled },
  ...(secret_name === null ? {} : { secret: secret_name }),
  created_at: created_at.toISOString(),
  updated_at: updated_at.toISOString(),
});

/** Where it leads: that is what an auditor wants to know. */
const shownOf = (definition: ConnectionDefinition): JsonObject => ({
  kind: definition.kind,
  host: connectionHost(definition),
  secret: definition.secret ?? null,
});

const missing = (name: string): ApiError => new ApiError('NOT_FOUND', `There is no connection ${name}.`);
