import { type ArtifactInfo } from '@aumos/agf-domain';
import { Injectable } from '@nestjs/common';
import { ArtifactChunkEntity, ArtifactEntity } from '../entities/index.js';
import { TenantDb } from '../tenant/tenant-db.js';
import { findOne, findPage, getOne, given } from './find.js';
import { direction, type Page, type PageQuery } from './page.js';
import { change, insert } from './write.js';

export interface NewArtifact {
  name: string;
  content_type: string;
  storage?: ArtifactEntity['storage'];
  created_by: string;
}

/** Artifacts and their chunks. What is not complete cannot be seen. Every method needs an open tenant scope. */
@Injectable()
export class ArtifactsRepository {
  constructor(private readonly db: TenantDb) {}

  /** @returns its id */
  async create(artifact: NewArtifact): Promise<string> {
    const row = { storage: 'postgres' as const, size: 0, complete: false, ...artifact, tenant_id: this.db.tenantId };
    return insert(this.db.em, ArtifactEntity, row);
  }

  async appendChunk(artifactId: string, seq: number, data: Buffer): Promise<void> {
    const row = { tenant_id: this.db.tenantId, artifact_id: artifactId, seq, data };
    await insert(this.db.em, ArtifactChunkEntity, row);
  }

  /** From now on it can be seen, and never changes. */
  async complete(id: string, content: { size: number; sha256: string }): Promise<ArtifactEntity> {
    await change(this.db.em, ArtifactEntity, id, { ...content, complete: true }, 'not complete');
    return getOne(this.db.em, ArtifactEntity, { id, complete: true });
  }

  async get(id: string): Promise<ArtifactEntity | null> {
    return findOne(this.db.em, ArtifactEntity, { id, complete: true });
  }

  async list(
    query: PageQuery & { name?: string; sort_by?: 'created_at' | 'name' | 'size' } = {},
  ): Promise<Page<ArtifactEntity>> {
    const order = direction(query);
    return findPage(
      this.db.em,
      ArtifactEntity,
      given({ complete: true, name: query.name }),
      { [query.sort_by ?? 'created_at']: order, id: order },
      query,
    );
  }

  /** Null after the last one. */
  async chunk(artifactId: string, seq: number): Promise<Buffer | null> {
    const row = await findOne(this.db.em, ArtifactChunkEntity, { artifact_id: artifactId, seq });
    return row?.data ?? null;
  }

  async removeChunks(artifactId: string): Promise<void> {
    await this.db.em.delete(ArtifactChunkEntity, { artifact_id: artifactId });
  }

  /** From now on it cannot be seen. False when it could not before. */
  async hide(id: string): Promise<boolean> {
    return change(this.db.em, ArtifactEntity, id, { complete: false }, 'complete');
  }

  /** Where the content of one that is not complete is, as far as it came. */
  async incompleteStorage(id: string): Promise<ArtifactEntity['storage'] | null> {
    return (await findOne(this.db.em, ArtifactEntity, { id, complete: false }))?.storage ?? null;
  }

  /** With its chunks, complete or not. */
  async remove(id: string): Promise<boolean> {
    return (await this.db.em.delete(ArtifactEntity, { id })).affected === 1;
  }
}

export const toArtifactInfo = (row: ArtifactEntity): ArtifactInfo => ({
  id: row.id,
  name: row.name,
  content_type: row.content_type,
  size: row.size,
  sha256: row.sha256 ?? '',
});
