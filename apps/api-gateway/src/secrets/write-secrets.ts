import { type Actor, ApiError } from '@aumos/agf-domain';
import { AuditRepository, ConnectionsRepository, TenantDb, ToolSecretsRepository } from '@aumos/agf-persistence';
import { notFound } from '@aumos/agf-platform';
import { Injectable } from '@nestjs/common';
import { type CheckedSecret, checkedName, checkedSecret } from './check-secret.js';
import type { CreateSecretDto, ReplaceSecretDto } from './secret.dto.js';
import { type SecretView, secretView } from './secret.view.js';

/** Secrets that tools send. Each change is in the audit, without what the secret is. */
@Injectable()
export class WriteSecrets {
  constructor(
    private readonly db: TenantDb,
    private readonly secrets: ToolSecretsRepository,
    private readonly connections: ConnectionsRepository,
    private readonly audit: AuditRepository,
  ) {}

  /** @throws ApiError VALIDATION_ERROR, CONFLICT when the tenant has the name */
  async create(actor: Actor, body: CreateSecretDto): Promise<SecretView> {
    const name = checkedName(body);
    const secret = checkedSecret(body);
    return this.db.run(actor.tenant_id, async () => {
      if (await this.secrets.find(name)) throw taken(name);
      return this.put(actor, name, secret, 'secret.create');
    });
  }

  /** Value and hosts: nobody sends a value that they do not know to another host. @throws ApiError NOT_FOUND, VALIDATION_ERROR */
  async replace(actor: Actor, name: string, body: ReplaceSecretDto): Promise<SecretView> {
    return this.db.run(actor.tenant_id, async () => {
      if (!(await this.secrets.find(name))) throw notFound();
      return this.put(actor, name, checkedSecret(body), 'secret.replace');
    });
  }

  /** Calls of tools that name it fail. @throws ApiError NOT_FOUND, CONFLICT while a connection has it */
  async remove(actor: Actor, name: string): Promise<void> {
    await this.db.run(actor.tenant_id, async () => {
      const connections = (await this.connections.list({ secret_name: name })).map((each) => each.name);
      if (connections.length > 0)
        throw new ApiError('CONFLICT', `A connection has the secret ${name}.`, { connections });
      if (!(await this.secrets.remove(name))) throw notFound();
      await this.audited(actor, name, 'secret.remove');
    });
  }

  private async put(actor: Actor, name: string, { value, hosts }: CheckedSecret, action: string): Promise<SecretView> {
    if (!(await this.secrets.put(name, value, hosts))) throw taken(name);
    await this.audited(actor, name, action, { hosts });
    const made = await this.secrets.find(name);
    if (!made) throw notFound();
    return secretView(made);
  }

  private async audited(actor: Actor, name: string, action: string, details: { hosts?: string[] } = {}): Promise<void> {
    const entry = { actor_id: actor.sub, action, resource_type: 'secret', resource_id: name, details };
    await this.audit.append({ ...entry, outcome: 'allowed' });
  }
}

const taken = (name: string): ApiError => new ApiError('CONFLICT', `There is a secret called ${name}.`, { name });
