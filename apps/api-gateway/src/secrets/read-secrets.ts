import { TenantDb, ToolSecretsRepository } from '@aumos/agf-persistence';
import { notFound, type Page, pageOf, type PageQuery } from '@aumos/agf-platform';
import { Injectable } from '@nestjs/common';
import { type SecretView, secretView } from './secret.view.js';

/** Which secrets there are, and where they may go. Nothing reads what they are. */
@Injectable()
export class ReadSecrets {
  constructor(
    private readonly db: TenantDb,
    private readonly secrets: ToolSecretsRepository,
  ) {}

  async list(tenantId: string, query: PageQuery): Promise<Page<SecretView>> {
    return this.db.run(tenantId, async () => {
      const { items, total } = await this.secrets.list(query);
      return pageOf(items.map(secretView), total, query);
    });
  }

  /** @throws ApiError NOT_FOUND */
  async get(tenantId: string, name: string): Promise<SecretView> {
    const found = await this.db.run(tenantId, () => this.secrets.find(name));
    if (!found) throw notFound();
    return secretView(found);
  }
}
