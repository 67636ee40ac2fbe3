import { type ArtifactInfo } from '@aumos/agf-domain';
import { Injectable } from '@nestjs/common';
import { type ArtifactEntity } from '../entities/index.js';
import { ArtifactsRepository, type NewArtifact, toArtifactInfo } from '../repositories/artifacts.repository.js';
import { TenantDb } from '../tenant/tenant-db.js';
import { ArtifactContents } from './artifact-contents.js';
import { MeasuredContent } from './measured-content.js';
import { unchangedContent } from './unchanged-content.js';

/**
 * Artifacts with their content, wherever it is. The row is there before the content and goes after it, and shows only
 * while it is complete: whatever stops in between is found by its row.
 */
@Injectable()
export class ArtifactStore {
  constructor(
    private readonly db: TenantDb,
    private readonly artifacts: ArtifactsRepository,
    private readonly contents: ArtifactContents,
  ) {}

  /**
   * Stores the stream; if it breaks, or is longer than `maxBytes`, nothing is left of it.
   * @throws ApiError PAYLOAD_TOO_LARGE
   */
  async write(
    tenantId: string,
    artifact: Omit<NewArtifact, 'storage'>,
    content: AsyncIterable<Uint8Array>,
    maxBytes: number,
  ): Promise<ArtifactEntity> {
    const { current } = this.contents;
    const id = await this.db.run(tenantId, () => this.artifacts.create({ ...artifact, storage: current.storage }));
    try {
      const measured = new MeasuredContent(content, maxBytes);
      await current.write({ tenant_id: tenantId, artifact_id: id }, measured, maxBytes);
      return await this.db.run(tenantId, () => this.artifacts.complete(id, measured.measures()));
    } catch (error) {
      // The first error is the one to tell; what is incomplete cannot be seen, and is removed later if not now.
      await this.removeIncomplete(tenantId, id).catch(() => undefined);
      throw error;
    }
  }

  /**
   * Null when there is none that the tenant may see.
   * @throws Error, in the content, when it is not (any more) what was stored
   */
  async open(tenantId: string, id: string): Promise<{ info: ArtifactInfo; content: AsyncIterable<Uint8Array> } | null> {
    const row = await this.db.run(tenantId, () => this.artifacts.get(id));
    if (!row) return null;
    const info = toArtifactInfo(row);
    const content = this.contents.of(row.storage).read({ tenant_id: tenantId, artifact_id: id });
    return { info, content: unchangedContent(content, info) };
  }

  /** False when there is none that the tenant may see. From the first moment on nobody sees it any more. */
  async remove(tenantId: string, id: string): Promise<boolean> {
    const hidden = await this.db.run(tenantId, () => this.artifacts.hide(id));
    if (hidden) await this.removeIncomplete(tenantId, id);
    return hidden;
  }

  /** What an upload or a deletion left. Again, or when it is complete: nothing happens. */
  async removeIncomplete(tenantId: string, id: string): Promise<void> {
    const storage = await this.db.run(tenantId, () => this.artifacts.incompleteStorage(id));
    if (storage === null) return;
    await this.contents.of(storage).remove({ tenant_id: tenantId, artifact_id: id });
    await this.db.run(tenantId, () => this.artifacts.remove(id));
  }
}
