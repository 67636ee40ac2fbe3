import { CallerError, type Connection, type ConnectionKind, ConnectionResolver } from '@aumos/agf-domain';
import {
  type ConnectionEntity,
  ConnectionsRepository,
  SecretsRepository,
  TenantDb,
  ToolSecretsRepository,
} from '@aumos/agf-persistence';
import { openConnection } from './open-connection.js';

/** The tenant's registered connections; a secret is opened for the call that needs it and kept nowhere. */
export class ExecutionConnections extends ConnectionResolver {
  constructor(
    private readonly db: TenantDb,
    private readonly connections: ConnectionsRepository,
    private readonly secrets: SecretsRepository,
    private readonly toolSecrets: ToolSecretsRepository,
    private readonly tenantId: string,
  ) {
    super();
  }

  async resolve<K extends ConnectionKind>(kind: K, name?: string): Promise<Connection<K>> {
    return this.db.run(this.tenantId, async () => {
      const row = name === undefined ? await this.onlyOne(kind) : await this.connections.findByName(name);
      if (row?.kind !== kind)
        throw new CallerError('CONNECTION_NOT_FOUND', `there is no connection ${name ?? ''} of kind ${kind}`);
      if (!row.enabled) throw new CallerError('CONNECTION_DISABLED', `the connection ${row.name} is disabled`);
      return openConnection(kind, row, (host) => this.secretOf(row, host));
    });
  }

  private async onlyOne(kind: ConnectionKind): Promise<ConnectionEntity | undefined> {
    const all = await this.connections.list({ kind, enabled: true });
    if (all.length > 1)
      throw new CallerError('CONNECTION_AMBIGUOUS', `there are several connections of kind ${kind}: name one`, {
        connections: all.map((c) => c.name),
      });
    return all[0];
  }

  /** @param host where it is sent to; null: an operator's, which says so itself */
  private async secretOf({ name, secret_name }: ConnectionEntity, host: string | null): Promise<string> {
    const value =
      secret_name === null
        ? null
        : await (host === null ? this.secrets.open(secret_name) : this.toolSecrets.openFor(secret_name, host));
    if (value !== null) return value;
    throw new CallerError('SECRET_NOT_FOUND', `the connection ${name} has no secret, or none for where it leads`);
  }
}
