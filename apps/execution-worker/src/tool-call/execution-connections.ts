import { type Connection, ConnectionResolver, CallerError } from '@aumos/agf-domain';
import { type ConnectionEntity, ConnectionsRepository, SecretsRepository, TenantDb } from '@aumos/agf-persistence';

/** The tenant's registered connections; the secret is opened for the call that needs it and kept nowhere. */
export class ExecutionConnections extends ConnectionResolver {
  constructor(
    private readonly db: TenantDb,
    private readonly connections: ConnectionsRepository,
    private readonly secrets: SecretsRepository,
    private readonly tenantId: string,
  ) {
    super();
  }

  async resolve(name?: string): Promise<Connection> {
    return this.db.run(this.tenantId, async () => {
      const row = name === undefined ? await this.onlyOne() : await this.connections.findByName(name);
      if (!row) throw new CallerError('CONNECTION_NOT_FOUND', `there is no connection ${name ?? ''}`.trim());
      const url = await this.secrets.open(row.secret_name);
      if (url === null) throw new CallerError('CONNECTION_NOT_FOUND', `connection ${row.name} has no secret`);
      const schema = row.settings['schema'];
      return {
        id: row.id,
        name: row.name,
        kind: row.kind,
        url,
        schema: typeof schema === 'string' ? schema : 'public',
      };
    });
  }

  private async onlyOne(): Promise<ConnectionEntity | undefined> {
    const all = await this.connections.list();
    if (all.length > 1)
      throw new CallerError('CONNECTION_AMBIGUOUS', 'there are several connections: name one', {
        connections: all.map((c) => c.name),
      });
    return all[0];
  }
}
