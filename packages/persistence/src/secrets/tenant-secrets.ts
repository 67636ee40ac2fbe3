import { CallerError, SecretResolver } from '@aumos/agf-domain';
import { type ToolSecretsRepository } from '../repositories/tool-secrets.repository.js';
import { type TenantDb } from '../tenant/tenant-db.js';

/** A tenant's secrets for tools; opened for what sends them, and kept nowhere. */
export class TenantSecrets extends SecretResolver {
  constructor(
    private readonly db: TenantDb,
    private readonly secrets: ToolSecretsRepository,
    private readonly tenantId: string,
  ) {
    super();
  }

  async open(name: string, host: string): Promise<string> {
    const value = await this.db.run(this.tenantId, () => this.secrets.openFor(name, host));
    if (value === null) throw new CallerError('SECRET_NOT_FOUND', `there is no secret ${name} for ${host}`);
    return value;
  }
}
