import { createHash } from 'node:crypto';
import { ApiError, type ArtifactInfo } from '@aumos/agf-domain';
import { Injectable } from '@nestjs/common';
import { type ArtifactEntity } from '../entities/index.js';
import { ArtifactsRepository, type NewArtifact, toArtifactInfo } from '../repositories/artifacts.repository.js';
import { TenantDb } from '../tenant/tenant-db.js';
import { inChunks } from './in-chunks.js';

/** Content of artifacts in PostgreSQL, in chunks of 1 MiB. Holds no transaction while bytes come or go. */
@Injectable()
export class ArtifactStore {
  constructor(
    private readonly db: TenantDb,
    private readonly artifacts: ArtifactsRepository,
  ) {}

  /**
   * Stores the stream; if it breaks, or is longer than `maxBytes`, nothing is left of it.
   * @throws ApiError PAYLOAD_TOO_LARGE
   */
  async write(
    tenantId: string,
    artifact: NewArtifact,
    content: AsyncIterable<Uint8Array>,
    maxBytes: number,
  ): Promise<ArtifactEntity> {
    const id = await this.db.run(tenantId, () => this.artifacts.create(artifact));
    try {
      const written = await this.append(tenantId, id, content, maxBytes);
      return await this.db.run(tenantId, () => this.artifacts.complete(id, written));
    } catch (error) {
      // The first error is the one to tell; what is incomplete cannot be seen anyway.
      await this.db.run(tenantId, () => this.artifacts.remove(id)).catch(() => undefined);
      throw error;
    }
  }

  /** Null when there is none that the tenant may see. */
  async open(tenantId: string, id: string): Promise<{ info: ArtifactInfo; content: AsyncIterable<Uint8Array> } | null> {
    const row = await this.db.run(tenantId, () => this.artifacts.get(id));
    return row && { info: toArtifactInfo(row), content: this.read(tenantId, id) };
  }

  private async append(
    tenantId: string,
    id: string,
    content: AsyncIterable<Uint8Array>,
    maxBytes: number,
  ): Promise<{ size: number; sha256: string }> {
    const hash = createHash('sha256');
    let size = 0;
    let seq = 0;
    for await (const chunk of inChunks(content)) {
      size += chunk.length;
      if (size > maxBytes) throw new ApiError('PAYLOAD_TOO_LARGE', `An artifact may have ${String(maxBytes)} bytes`);
      hash.update(chunk);
      const at = seq++;
      await this.db.run(tenantId, () => this.artifacts.appendChunk(id, at, chunk));
    }
    return { size, sha256: hash.digest('hex') };
  }

  private async *read(tenantId: string, id: string): AsyncGenerator<Uint8Array> {
    for (let seq = 0; ; seq++) {
      const at = seq;
      const data = await this.db.run(tenantId, () => this.artifacts.chunk(id, at));
      if (data === null) return;
      yield data;
    }
  }
}
