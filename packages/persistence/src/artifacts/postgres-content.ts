import { ArtifactsRepository } from '../repositories/artifacts.repository.js';
import { TenantDb } from '../tenant/tenant-db.js';
import { ArtifactContent, type ArtifactKey } from './artifact-content.js';
import { inChunks } from './in-chunks.js';

/** In PostgreSQL, in chunks of 1 MiB. Holds no transaction while bytes come or go. */
export class PostgresContent extends ArtifactContent {
  readonly storage = 'postgres';

  constructor(
    private readonly db: TenantDb,
    private readonly artifacts: ArtifactsRepository,
  ) {
    super();
  }

  async write({ tenant_id, artifact_id }: ArtifactKey, content: AsyncIterable<Uint8Array>): Promise<void> {
    let seq = 0;
    for await (const chunk of inChunks(content)) {
      const at = seq++;
      await this.db.run(tenant_id, () => this.artifacts.appendChunk(artifact_id, at, chunk));
    }
  }

  async *read({ tenant_id, artifact_id }: ArtifactKey): AsyncGenerator<Uint8Array> {
    for (let seq = 0; ; seq++) {
      const at = seq;
      const data = await this.db.run(tenant_id, () => this.artifacts.chunk(artifact_id, at));
      if (data === null) return;
      yield data;
    }
  }

  async remove({ tenant_id, artifact_id }: ArtifactKey): Promise<void> {
    await this.db.run(tenant_id, () => this.artifacts.removeChunks(artifact_id));
  }

  /** The database has a check of its own. */
  async check(): Promise<void> {}

  close(): void {}
}
